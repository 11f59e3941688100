// The vault. It holds one secret: the key of the operator.

import { tagSet } from '../types.bicep'

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Whether only the private network reaches the vault.')
param isPrivate bool

@description('Whether a deleted vault can be purged by nobody before its time. Cannot be switched off again.')
param isPurgeProtected bool

@description('How many days a deleted vault is kept. Cannot be changed once the vault is there.')
@minValue(7)
@maxValue(90)
param retentionDays int

@description('Addresses from which a private vault is reached all the same.')
@maxLength(50)
param operatorAddresses string[]

@description('Key of the operator. Empty leaves the one in the vault as it is.')
@secure()
@maxLength(200)
param operatorKey string

@description('Workspace that receives the logs.')
@minLength(1)
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: retentionDays
    enablePurgeProtection: isPurgeProtected ? true : null
    publicNetworkAccess: isPrivate && empty(operatorAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for address in operatorAddresses: { value: address }]
    }
  }
}

resource operatorSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(operatorKey)) {
  parent: vault
  name: 'operator-key'
  properties: {
    value: operatorKey
    contentType: 'API key'
  }
}

#disable-next-line use-recent-api-versions // The one stable version, of 2016, cannot say which metrics.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Address of the key of the operator, without a version: a new one is picked up.')
output operatorKeyUri string = '${vault.properties.vaultUri}secrets/operator-key'
