// Asks GET /health from several places on the internet, every five minutes from each.

import { tagSet } from '../types.bicep'

@description('Name of the test.')
@minLength(1)
@maxLength(60)
param name string

@description('Region of the Application Insights component.')
@minLength(1)
param location string

@description('Tags.')
param tags tagSet

@description('Resource id of the Application Insights component.')
@minLength(1)
param insightsId string

@description('Address of the service.')
@minLength(1)
param url string

@description('Whether the test runs.')
param isEnabled bool

@description('The places, as Azure names them.')
var places = ['us-va-ash-azr', 'us-ca-sjc-azr', 'emea-nl-ams-azr', 'emea-gb-db3-azr', 'apac-sg-sin-azr']

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  // The portal shows the test with the component that this tag names.
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    Kind: 'standard'
    Name: name
    SyntheticMonitorId: name
    Enabled: isEnabled
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [for place in places: { Id: place }]
    Request: {
      HttpVerb: 'GET'
      ParseDependentRequests: false
      RequestUrl: '${url}/health'
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

@description('Resource id of the test.')
output id string = test.id
