// The function app on Flex Consumption, and every setting it reads.

import { alwaysReadyGroup, tagSet } from '../types.bicep'

@description('Name of the plan.')
@minLength(1)
@maxLength(60)
param planName string

@description('Name of the app, part of its address.')
@minLength(2)
@maxLength(60)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Resource id of the identity as which the app acts.')
@minLength(1)
param identityId string

@description('Application id of the same identity.')
@minLength(1)
param identityClientId string

@description('Name of the storage account of the host and of Durable Functions.')
@minLength(3)
@maxLength(24)
param storageName string

@description('Endpoint of the tables.')
@minLength(1)
param tableEndpoint string

@description('Address of the container that the package is deployed to.')
@minLength(1)
param packageContainerUrl string

@description('Host name of the Service Bus namespace.')
@minLength(1)
param busHostName string

@description('Whether the Durable Task Scheduler keeps the orchestrations; else the storage account does.')
param usesScheduler bool

@description('Endpoint of the Durable Task Scheduler; empty where there is none.')
@maxLength(200)
param schedulerEndpoint string

@description('Address of the key of the operator in the vault.')
@minLength(1)
param operatorKeyUri string

@description('How the app finds Application Insights.')
@minLength(1)
param insightsConnectionString string

@description('Subnet that the app goes out through; empty for none.')
@maxLength(1000)
param subnetId string

@description('Memory of an instance in megabytes.')
param instanceMemoryMB 512 | 2048 | 4096

@description('Greatest number of instances of each scale group.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Scale groups with instances that are always ready.')
@maxLength(20)
param alwaysReady alwaysReadyGroup[]

@description('Whether instances are spread over the zones of the region.')
param isZoneRedundant bool

@description('How long a task stays its agent\'s without a sign of life, in seconds.')
@minValue(5)
@maxValue(3600)
param leaseSeconds int

@description('How often agents report, in seconds; at most half a lease.')
@minValue(1)
@maxValue(300)
param heartbeatSeconds int

@description('Address of the issuer whose tokens the app takes; empty for none.')
@maxLength(500)
param tokenIssuer string

@description('What a token must be for.')
@maxLength(500)
param tokenAudience string

@description('The claim of a token that names the person.')
@maxLength(100)
param tokenSubjectClaim string

@description('The app role that makes its holder the operator; empty for nobody.')
@maxLength(200)
param tokenOperatorRole string

@description('How many requests a minute one process serves for all members of a tenant; 0 for all.')
@minValue(0)
@maxValue(100000000)
param memberRequestsPerMinute int

@description('How many requests a minute one process serves for each agent; 0 for all.')
@minValue(0)
@maxValue(100000000)
param agentRequestsPerMinute int

@description('Whose tokens are taken.')
var tokenSettings = {
  Headgate__Oidc__Audience: tokenAudience
  Headgate__Oidc__Issuer: tokenIssuer
  Headgate__Oidc__SubjectClaim: tokenSubjectClaim
  ...(empty(tokenOperatorRole) ? {} : { Headgate__Oidc__OperatorValue: tokenOperatorRole })
}

@description('Where the scheduler is. That it keeps the orchestrations stands in the published host.json, the one place where the platform looks to scale them.')
var schedulerSettings = {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: isZoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app to deploy to by this tag.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        alwaysReady: alwaysReady
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    AZURE_CLIENT_ID: identityClientId
    AzureWebJobsDisableHomepage: 'true'
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__clientId: identityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
    HEADGATE_ADMIN_KEY: '@Microsoft.KeyVault(SecretUri=${operatorKeyUri})'
    Headgate__Claims__MaxWaitSeconds: '0'
    Headgate__Heartbeat__Seconds: string(heartbeatSeconds)
    Headgate__Leases__Seconds: string(leaseSeconds)
    Headgate__Rate__AgentRequests: string(agentRequestsPerMinute)
    Headgate__Rate__MemberRequests: string(memberRequestsPerMinute)
    LeaseSweep: '*/15 * * * * *'
    Maintenance: '0 * * * * *'
    ScheduleSweep: '*/15 * * * * *'
    ServiceBus__clientId: identityClientId
    ServiceBus__credential: 'managedidentity'
    ServiceBus__fullyQualifiedNamespace: busHostName
    Tables__serviceUri: tableEndpoint
    ...(empty(tokenIssuer) ? {} : tokenSettings)
    ...(usesScheduler ? schedulerSettings : {})
  }
}

// Nobody deploys with a user name and a password.
resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

@description('Address of the service.')
output url string = 'https://${app.properties.defaultHostName}'
