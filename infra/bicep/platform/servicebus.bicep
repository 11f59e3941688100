// The queue between admission and start. Nobody signs in with a key.

import { tagSet } from '../types.bicep'

@description('Name of the namespace.')
@minLength(6)
@maxLength(50)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Whether only the private network reaches the namespace. That takes the tier Premium.')
param isPrivate bool

@description('Name of the queue of admitted runs.')
@minLength(1)
@maxLength(260)
param queueName string

@description('Workspace that receives the logs.')
@minLength(1)
param workspaceId string

@description('Private endpoints exist in the tier Premium alone; duplicate detection does not exist in Basic.')
var tier = isPrivate ? 'Premium' : 'Standard'

resource bus 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
    capacity: isPrivate ? 1 : null
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = {
  parent: bus
  name: queueName
  properties: {
    // Longer than a start takes; the host renews the lock of one that takes longer.
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT1M'
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
}

#disable-next-line use-recent-api-versions // The one stable version, of 2016, cannot say which metrics.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: bus
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Resource id, which the alerts watch.')
output id string = bus.id

@description('Host name that the app connects to.')
output hostName string = split(split(bus.properties.serviceBusEndpoint, '//')[1], ':')[0]
