// Who is told when an alert fires.

import { tagSet } from '../types.bicep'

@description('Name of the action group.')
@minLength(1)
@maxLength(60)
param name string

@description('Tags.')
param tags tagSet

@description('Addresses that get a mail; none for alerts that are only seen in the portal.')
@maxLength(10)
param emails string[]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'headgate'
    emailReceivers: [
      for email in emails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

@description('Resource id of the action group.')
output id string = group.id
