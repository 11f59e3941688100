// A small environment: one copy of the data, nothing kept ready, little memory, alerts with lower thresholds so that they can be seen.

using 'main.bicep'

param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param operatorKey = readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = any(readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User'))
param instanceMemoryMB = 512
param vaultRetentionDays = 7
param serviceIsLive = bool(readEnvironmentVariable('HEADGATE_LIVE', 'true'))
param alertEmails = filter(map(split(readEnvironmentVariable('HEADGATE_ALERT_EMAILS', ''), ','), address => trim(address)), address => !empty(address))
param alertThresholds = {
  'start-queue-deep': 20
  'ready-tasks-many': 20
}
param tokenIssuer = readEnvironmentVariable('HEADGATE_TOKEN_ISSUER', '')
param tokenAudience = readEnvironmentVariable('HEADGATE_TOKEN_AUDIENCE', '')
