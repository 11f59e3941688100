// The workbook: queues, admissions, attempts and agents on one page.

import { tagSet } from '../types.bicep'

@description('Title in the portal.')
@minLength(1)
@maxLength(60)
param title string

@description('Region.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Resource id of the Application Insights component that the workbook reads.')
@minLength(1)
param insightsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'headgate')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: title
    serializedData: loadTextContent('../../workbook.json')
    sourceId: insightsId
    version: '1.0'
  }
}
