// Every rule of infra/alert-rules.json as an alert of Azure Monitor, by the source of its signal: metrics of the queue, queries over
// telemetry and over the workspace's own operations, and the availability test.

import { alertRule, tagSet, thresholdSet } from '../types.bicep'
import { alertQuery, operationQuery } from 'queries.bicep'

@description('Begins the names of the alerts.')
@minLength(1)
@maxLength(50)
param prefix string

@description('Region of the query rules. Metric alerts have none.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('The rules.')
@minLength(1)
param rules alertRule[]

@description('Thresholds of this environment, by rule id.')
param thresholds thresholdSet

@description('Where the runbooks can be read, without a slash at the end.')
@minLength(1)
@maxLength(200)
param runbooks string

@description('Whether the alerts are on.')
param isEnabled bool

@description('Whether the app has been deployed before; while it has not, it is no news that it cannot be reached.')
param isLive bool

@description('Who is told.')
@minLength(1)
param actionGroupId string

@description('Resource id of the workspace.')
@minLength(1)
param workspaceId string

@description('Resource id of the Service Bus namespace.')
@minLength(1)
param busId string

@description('Resource id of the Application Insights component.')
@minLength(1)
param insightsId string

@description('Resource id of the availability test.')
@minLength(1)
param webTestId string

@description('Severities of Azure Monitor.')
var severities = {
  critical: 0
  error: 1
  warning: 2
  info: 3
}

resource queueAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for rule in filter(rules, each => each.signal.source == 'queue'): {
    name: '${prefix}-${rule.id}'
    location: 'global'
    tags: tags
    properties: {
      description: '${rule.title}. ${rule.description} Runbook: ${runbooks}/${rule.runbook}'
      severity: severities[rule.severity]
      enabled: isEnabled
      scopes: [busId]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT${rule.forMinutes}M'
      targetResourceType: 'Microsoft.ServiceBus/namespaces'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.id
            metricNamespace: 'Microsoft.ServiceBus/namespaces'
            metricName: rule.signal.metric!
            // The least value of the time passes the threshold only if every value does.
            timeAggregation: 'Minimum'
            operator: 'GreaterThan'
            threshold: thresholds[?rule.id] ?? rule.threshold
            dimensions: [{ name: 'EntityName', operator: 'Include', values: [rule.signal.labels.queue] }]
          }
        ]
      }
      autoMitigate: true
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in filter(rules, each => contains(['gauge', 'counter', 'ratio', 'requests'], each.signal.source)): {
    name: '${prefix}-${rule.id}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.title}. ${rule.description} Runbook: ${runbooks}/${rule.runbook}'
      severity: severities[rule.severity]
      enabled: isEnabled
      scopes: [insightsId]
      targetResourceTypes: ['Microsoft.Insights/components']
      // The component is seconds old at the first deployment, and its tables may not be known yet. Tests put the queries to the language service.
      skipQueryValidation: true
      evaluationFrequency: 'PT5M'
      windowSize: 'PT${rule.forMinutes}M'
      // The queries say themselves which part of this they look at.
      overrideQueryTimeRange: 'PT${rule.forMinutes + 5}M'
      criteria: {
        allOf: [
          {
            query: alertQuery(rule)
            metricMeasureColumn: 'lowest'
            timeAggregation: 'Minimum'
            operator: 'GreaterThan'
            threshold: thresholds[?rule.id] ?? rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

// What the workspace says of itself is not held back by its own daily cap, as everything else is.
resource workspaceAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in filter(rules, each => each.signal.source == 'workspace'): {
    name: '${prefix}-${rule.id}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.title}. ${rule.description} Runbook: ${runbooks}/${rule.runbook}'
      severity: severities[rule.severity]
      enabled: isEnabled
      scopes: [workspaceId]
      targetResourceTypes: ['Microsoft.OperationalInsights/workspaces']
      skipQueryValidation: true
      evaluationFrequency: 'PT5M'
      windowSize: 'PT${rule.forMinutes}M'
      overrideQueryTimeRange: 'PT${rule.forMinutes + 5}M'
      criteria: {
        allOf: [
          {
            query: operationQuery(rule)
            metricMeasureColumn: 'lowest'
            timeAggregation: 'Minimum'
            operator: 'GreaterThan'
            threshold: thresholds[?rule.id] ?? rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

resource availabilityAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for rule in filter(rules, each => each.signal.source == 'availability'): {
    name: '${prefix}-${rule.id}'
    location: 'global'
    tags: tags
    properties: {
      description: '${rule.title}. ${rule.description} Runbook: ${runbooks}/${rule.runbook}'
      severity: severities[rule.severity]
      enabled: isEnabled && isLive
      scopes: [webTestId, insightsId]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT${rule.forMinutes}M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
        webTestId: webTestId
        componentId: insightsId
        // Azure fires from this many places on, the rule above its threshold.
        failedLocationCount: (thresholds[?rule.id] ?? rule.threshold) + 1
      }
      autoMitigate: true
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]
