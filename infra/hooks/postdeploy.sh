#!/bin/sh
# Runs after the code is deployed. While HEADGATE_LIVE is 'false', as at the first deployment, it waits for the service to answer, then turns on the
# availability test and its alert. azd calls it; after a first deployment with az, call it with the variables below set.
# HEADGATE_HOOK_PAUSE: seconds between two looks, 10 unless set.
set -eu
# Git's shell on Windows takes ids of resources for paths of files.
export MSYS_NO_PATHCONV=1

refuse() {
  printf 'headgate: %s\n' "$1" >&2
  exit 1
}

[ "${HEADGATE_LIVE:-true}" = false ] || exit 0
for name in AZURE_ENV_NAME AZURE_SUBSCRIPTION_ID AZURE_RESOURCE_GROUP HEADGATE_URL; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || refuse "$name is not set: see docs/azure.md."
done

looks=0
until curl --silent --fail --max-time 10 --output /dev/null "$HEADGATE_URL/health"; do
  looks=$((looks + 1))
  [ "$looks" -lt 60 ] \
    || refuse "$HEADGATE_URL/health does not answer 200. The alert 'unavailable' stays off: mend that, then run this again: infra/hooks/postdeploy.sh"
  sleep "${HEADGATE_HOOK_PAUSE:-10}"
done
insights="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Insights"
az resource update --ids "$insights/webtests/health-headgate-$AZURE_ENV_NAME" --set properties.Enabled=true --output none
az resource update --ids "$insights/metricAlerts/headgate-$AZURE_ENV_NAME-unavailable" --set properties.enabled=true --output none
if command -v azd > /dev/null && azd env set HEADGATE_LIVE true; then
  :
fi
printf 'headgate: the service answers; its availability is watched from now on\n'
