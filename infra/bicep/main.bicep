// Everything Headgate needs in Azure, in a resource group of its own. What each part is for: docs/azure.md.

targetScope = 'subscription'

import {
  alwaysReadyProblems
  budgetProblems
  emailProblems
  environmentNameProblems
  leaseProblems
  locationProblems
  operatorAddressProblems
  operatorKeyProblems
  tokenProblems
} from 'checks.bicep'
import { alwaysReadyGroup, tagSet, thresholdSet } from 'types.bicep'

@description('Names the environment: dev, prod. Part of the names of what is deployed, so it is of a-z, 0-9 and hyphens, none at either end.')
@minLength(2)
@maxLength(40)
param environmentName string

@description('Region of everything. It must offer Flex Consumption.')
@minLength(3)
@maxLength(40)
@metadata({ azd: { type: 'location' } })
param location string

@description('Tags that every resource carries, besides those that azd needs.')
param extraTags tagSet = {}

@description('Key of the operator, hg_<id>_<secret>. Needed at the first deployment; empty leaves the one in the vault as it is.')
@secure()
@maxLength(200)
param operatorKey string = ''

@description('Object id of who may read the key of the operator in the vault; empty for nobody.')
@maxLength(36)
param operatorPrincipalId string = ''

@description('What that object is.')
param operatorPrincipalType 'User' | 'Group' | 'ServicePrincipal' = 'User'

@description('Whether storage, Service Bus and vault are reached over a private network alone. Makes Service Bus Premium, which costs by the hour. Cannot be switched once deployed.')
param privateNetworking bool = false

@description('Addresses, as 203.0.113.7 or 203.0.113.0/24, from which operators still reach the vault of a private environment.')
@maxLength(50)
param operatorAddresses string[] = []

@description('Addresses of the private network: a /8 to /23 in CIDR notation, of which the first two /24 are used.')
@minLength(9)
@maxLength(18)
param networkAddressSpace string = '10.60.0.0/16'

@description('Where orchestrations are kept. The app must be published for the same, see docs/azure.md.')
param durableBackend 'AzureStorage' | 'DurableTaskScheduler' = 'AzureStorage'

@description('How the storage account copies its data.')
param storageRedundancy 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GZRS' = 'Standard_LRS'

@description('Whether instances of the app are spread over the zones of the region. Not every region has it, and each scale group is then billed for at least two instances.')
param zoneRedundant bool = false

@description('Memory of an instance of the app in megabytes.')
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@description('Greatest number of instances of each scale group of the app, those always ready apart. Most regions take no fewer than 40.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Scale groups of the app with instances that are always ready, which are paid by the second; none costs nothing while idle.')
@maxLength(20)
param alwaysReady alwaysReadyGroup[] = []

@description('How long a task stays its agent\'s without a sign of life, in seconds.')
@minValue(5)
@maxValue(3600)
param leaseSeconds int = 30

@description('How often agents report, in seconds; at most half a lease.')
@minValue(1)
@maxValue(300)
param heartbeatSeconds int = 10

@description('Address of the OpenID Connect issuer whose tokens the app takes, such as https://login.microsoftonline.com/<tenant>/v2.0; empty for none.')
@maxLength(500)
param tokenIssuer string = ''

@description('What a token must be for: the application id of the app registration. Required with an issuer.')
@maxLength(500)
param tokenAudience string = ''

@description('The claim of a token that names the person. Entra ID has the id that the portal shows in oid, and one for this app alone in sub.')
@maxLength(100)
param tokenSubjectClaim string = 'oid'

@description('The app role that makes its holder the operator; empty for nobody.')
@maxLength(200)
param tokenOperatorRole string = 'Headgate.Operator'

@description('How many requests a minute one process serves for all members of a tenant; 0 for all that come.')
@minValue(0)
@maxValue(100000000)
param memberRequestsPerMinute int = 60000

@description('How many requests a minute one process serves for each agent; 0 for all that come.')
@minValue(0)
@maxValue(100000000)
param agentRequestsPerMinute int = 6000

@description('How many days logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('How many gigabytes of logs a day are taken in before the rest of the day is dropped; -1 for no limit.')
@minValue(-1)
@maxValue(1000)
param logDailyQuotaGb int = 1

@description('Whether a deleted vault can be purged by nobody before its time. Cannot be switched off again.')
param vaultPurgeProtection bool = false

@description('How many days a deleted vault is kept. Cannot be changed once the vault is there.')
@minValue(7)
@maxValue(90)
param vaultRetentionDays int = 90

@description('Whether alerts fire and the availability test runs.')
param alertsEnabled bool = true

@description('Whether the app has been deployed before. While it has not, nobody is told that it cannot be reached; the hook after the deployment turns that on.')
param serviceIsLive bool = true

@description('Addresses that alerts and the budget are mailed to. None is allowed where alerts are off.')
@maxLength(10)
param alertEmails string[] = []

@description('Thresholds that replace those of infra/alert-rules.json here, by rule id.')
param alertThresholds thresholdSet = {}

@description('Where the runbooks can be read, without a slash at the end: the pages of docs/runbooks.')
@minLength(1)
@maxLength(200)
param runbooks string = 'docs/runbooks'

@description('Amount a month that a budget watches, in the currency of the subscription; 0 for no budget.')
@minValue(0)
@maxValue(1000000)
param monthlyBudget int = 0

@description('First day of the month in which the budget begins, as 2030-01-01. Cannot be changed once the budget is there.')
@maxLength(10)
param budgetStartDate string = ''

@description('Whether the budget is there: only then may its start lie in the past.')
param budgetExists bool = false

@description('Today, as 2030-01-31; what the start of the budget is compared with.')
@minLength(10)
@maxLength(10)
param today string = utcNow('yyyy-MM-dd')

@description('Makes the names unique in the world and the same at every deployment.')
var token = uniqueString(subscription().id, environmentName, location)

@description('Names of what others refer to.')
var names = {
  identity: 'id-headgate-${environmentName}'
  storage: 'st${token}'
  bus: 'sb-${token}'
  vault: 'kv-${token}'
  workspace: 'log-headgate-${environmentName}'
  insights: 'appi-headgate-${environmentName}'
  scheduler: 'dts-${token}'
  network: 'vnet-headgate-${environmentName}'
  plan: 'plan-headgate-${environmentName}'
  app: 'func-${token}'
}

@description('Names that the code knows: the queue of admitted runs, the task hub of host.json, the tables.')
var known = {
  queue: 'runs'
  hub: 'headgate'
  tables: ['tenants', 'keys', 'tasks', 'ready', 'agents', 'agentsbyowner', 'deadletters', 'audit', 'usage']
}

@description('Tags of every resource; azd finds its environment by one of them.')
var tags = union(extraTags, { 'azd-env-name': environmentName })

@description('Whether the Durable Task Scheduler keeps the orchestrations.')
var usesScheduler = durableBackend == 'DurableTaskScheduler'

@description('What is wrong with the parameters, apart from what only the deployment knows.')
var problems = concat(
  environmentNameProblems(environmentName),
  locationProblems(location),
  emailProblems(alertEmails, alertsEnabled),
  leaseProblems(leaseSeconds, heartbeatSeconds),
  tokenProblems(tokenIssuer, tokenAudience),
  alwaysReadyProblems(alwaysReady),
  operatorAddressProblems(operatorAddresses, privateNetworking)
)

@description('What is wrong with the budget today.')
var problemsToday = budgetProblems(monthlyBudget, budgetStartDate, budgetExists, today)

@description('What is wrong with the key of the operator.')
var problemsOfKey = operatorKeyProblems(operatorKey)

// The group is made first, and each of its members is worked out before it is: so nothing is made with parameters that are refused.
resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-headgate-${environmentName}'
  location: location
  tags: empty(problems) ? tags : fail(join(problems, ' '))
  properties: !empty(problemsToday)
    ? fail(join(problemsToday, ' '))
    : !empty(problemsOfKey) ? fail(join(problemsOfKey, ' ')) : {}
}

module monitoring 'platform/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
  }
}

module identity 'platform/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module storage 'platform/storage.bicep' = {
  scope: group
  params: {
    name: names.storage
    location: location
    tags: tags
    redundancy: storageRedundancy
    isPrivate: privateNetworking
    tableNames: known.tables
    packageContainerName: 'app-package'
    workspaceId: monitoring.outputs.workspaceId
  }
}

module bus 'platform/servicebus.bicep' = {
  scope: group
  params: {
    name: names.bus
    location: location
    tags: tags
    isPrivate: privateNetworking
    queueName: known.queue
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'platform/vault.bicep' = {
  scope: group
  params: {
    name: names.vault
    location: location
    tags: tags
    isPrivate: privateNetworking
    isPurgeProtected: vaultPurgeProtection
    retentionDays: vaultRetentionDays
    operatorAddresses: operatorAddresses
    operatorKey: operatorKey
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'platform/scheduler.bicep' = if (usesScheduler) {
  scope: group
  params: {
    name: names.scheduler
    location: location
    tags: tags
    hubName: known.hub
  }
}

module network 'platform/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: names.network
    location: location
    tags: tags
    addressSpace: networkAddressSpace
  }
}

module endpoints 'platform/endpoints.bicep' = if (privateNetworking) {
  scope: group
  params: {
    location: location
    tags: tags
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    storageName: names.storage
    busName: names.bus
    vaultName: names.vault
  }
  dependsOn: [storage, bus, vault]
}

module roles 'access/roles.bicep' = {
  scope: group
  params: {
    #disable-next-line what-if-short-circuiting // A recreated identity gets its roles only so; what-if says nothing of the assignments in return.
    identityPrincipalId: identity.outputs.principalId
    storageName: names.storage
    busName: names.bus
    queueName: known.queue
    vaultName: names.vault
    insightsName: names.insights
    schedulerName: usesScheduler ? names.scheduler : ''
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
  dependsOn: [storage, bus, vault, monitoring, scheduler]
}

module app 'app/functions.bicep' = {
  scope: group
  params: {
    planName: names.plan
    name: names.app
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: names.storage
    tableEndpoint: storage.outputs.tableEndpoint
    packageContainerUrl: storage.outputs.packageContainerUrl
    busHostName: bus.outputs.hostName
    usesScheduler: usesScheduler
    schedulerEndpoint: usesScheduler ? scheduler!.outputs.endpoint : ''
    operatorKeyUri: vault.outputs.operatorKeyUri
    insightsConnectionString: monitoring.outputs.connectionString
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    isZoneRedundant: zoneRedundant
    leaseSeconds: leaseSeconds
    heartbeatSeconds: heartbeatSeconds
    tokenIssuer: tokenIssuer
    tokenAudience: tokenAudience
    tokenSubjectClaim: tokenSubjectClaim
    tokenOperatorRole: tokenOperatorRole
    memberRequestsPerMinute: memberRequestsPerMinute
    agentRequestsPerMinute: agentRequestsPerMinute
  }
  // The app starts with its rights in place and, where they are private, with its names resolved.
  dependsOn: [roles, endpoints]
}

module receivers 'alerting/receivers.bicep' = {
  scope: group
  params: {
    name: 'ag-headgate-${environmentName}'
    tags: tags
    emails: alertEmails
  }
}

module availability 'alerting/availability.bicep' = {
  scope: group
  params: {
    name: 'health-headgate-${environmentName}'
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    url: app.outputs.url
    isEnabled: alertsEnabled && serviceIsLive
  }
}

module alerts 'alerting/alerts.bicep' = {
  scope: group
  params: {
    prefix: 'headgate-${environmentName}'
    location: location
    tags: tags
    rules: loadJsonContent('../alert-rules.json').rules
    thresholds: alertThresholds
    runbooks: runbooks
    isEnabled: alertsEnabled
    isLive: serviceIsLive
    actionGroupId: receivers.outputs.id
    workspaceId: monitoring.outputs.workspaceId
    busId: bus.outputs.id
    insightsId: monitoring.outputs.insightsId
    webTestId: availability.outputs.id
  }
}

module workbook 'alerting/workbook.bicep' = {
  scope: group
  params: {
    title: 'Headgate ${environmentName}'
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
  }
}

module budget 'alerting/budget.bicep' = if (monthlyBudget > 0) {
  scope: group
  params: {
    name: 'headgate-${environmentName}'
    amount: monthlyBudget
    startDate: budgetStartDate
    emails: alertEmails
    actionGroupId: receivers.outputs.id
  }
}

@description('Resource group of everything.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output HEADGATE_APP string = names.app

@description('Address of the service.')
output HEADGATE_URL string = app.outputs.url

@description('Name of the Application Insights component.')
output HEADGATE_INSIGHTS string = names.insights

@description('Name of the Service Bus namespace.')
output HEADGATE_SERVICE_BUS string = names.bus

@description('Name of the vault.')
output HEADGATE_VAULT string = names.vault
