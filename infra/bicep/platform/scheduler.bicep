// The Durable Task Scheduler, where it keeps the orchestrations instead of the storage account.

import { tagSet } from '../types.bicep'

@description('Name of the scheduler.')
@minLength(3)
@maxLength(64)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Name of the task hub, as in host.json.')
@minLength(3)
@maxLength(45)
param hubName string

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // Everybody may knock; only identities with a role are let in.
    ipAllowlist: ['0.0.0.0/0']
    sku: { name: 'Consumption' }
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: hubName
}

@description('Where the app reaches the scheduler.')
output endpoint string = scheduler.properties.endpoint
