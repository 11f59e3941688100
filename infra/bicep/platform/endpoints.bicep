// Private endpoints of storage, Service Bus and vault, each with the DNS zone that makes its usual name lead to it.

import { tagSet } from '../types.bicep'

@description('Region.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Network in which the names are resolved.')
@minLength(1)
param networkId string

@description('Subnet that takes the endpoints.')
@minLength(1)
param subnetId string

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param storageName string

@description('Name of the Service Bus namespace.')
@minLength(6)
@maxLength(50)
param busName string

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param vaultName string

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource bus 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: busName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

@description('What gets an endpoint: the name of the resource, the part of it, and the DNS zone of its private names.')
var targets = [
  { name: storageName, part: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { name: storageName, part: 'queue', zone: 'privatelink.queue.${environment().suffixes.storage}' }
  { name: storageName, part: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
  { name: busName, part: 'namespace', zone: 'privatelink.servicebus.windows.net' }
  { name: vaultName, part: 'vault', zone: 'privatelink.vaultcore.azure.net' }
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: {
    name: target.zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, i) in targets: {
    parent: zones[i]
    name: 'link-${target.part}'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
]

// One after the other: at once they fail now and then on the subnet, and on the account that three of them lead to.
@batchSize(1)
resource endpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for target in targets: {
    name: 'pep-${target.name}-${target.part}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      privateLinkServiceConnections: [
        {
          name: target.part
          properties: {
            privateLinkServiceId: target.name == storageName ? storage.id : target.name == busName ? bus.id : vault.id
            groupIds: [target.part]
          }
        }
      ]
    }
  }
]

@batchSize(1)
resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (target, i) in targets: {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.part
          properties: { privateDnsZoneId: zones[i].id }
        }
      ]
    }
  }
]
