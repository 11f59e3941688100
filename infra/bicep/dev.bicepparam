// A small environment: one copy of the data, nothing kept ready, alerts with lower thresholds so that they can be seen.

using 'main.bicep'

param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param operatorKey = readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = any(readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User'))
param alertEmails = filter(split(readEnvironmentVariable('HEADGATE_ALERT_EMAILS', ''), ','), address => !empty(address))
param alertThresholds = {
  'start-queue-deep': 20
  'ready-tasks-many': 20
}
