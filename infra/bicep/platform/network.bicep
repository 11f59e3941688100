// The private network, deployed where the switch is on: a subnet the app goes out through, and one for the private endpoints.

import { tagSet } from '../types.bicep'

@description('Name of the network.')
@minLength(2)
@maxLength(64)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Addresses of the network: a /8 to /23 in CIDR notation, of which the first two /24 are used.')
@minLength(9)
@maxLength(18)
param addressSpace string

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 24, 0)
          delegations: [
            {
              name: 'functions'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 24, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

@description('Resource id of the network.')
output id string = network.id

@description('Resource id of the subnet that the app goes out through.')
output appSubnetId string = network.properties.subnets[0].id

@description('Resource id of the subnet of the private endpoints.')
output endpointSubnetId string = network.properties.subnets[1].id
