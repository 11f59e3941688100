#!/bin/sh
# Runs after the infrastructure is made or changed: has the app's references to the vault read anew until they resolve, and restarts the app with
# what they say. A role that has just been given may take minutes to hold, and App Service alone looks again only once a day. azd calls it; after a
# deployment with az, or to make a new key hold at once, call it with AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP and HEADGATE_APP set.
# HEADGATE_HOOK_PAUSE: seconds between two looks, 10 unless set.
set -eu
# Git's shell on Windows takes ids of resources for paths of files.
export MSYS_NO_PATHCONV=1

refuse() {
  printf 'headgate: %s\n' "$1" >&2
  exit 1
}

command -v az > /dev/null || refuse "'az' is not installed: https://aka.ms/install-azure-cli"
for name in AZURE_SUBSCRIPTION_ID AZURE_RESOURCE_GROUP HEADGATE_APP; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || refuse "$name is not set: it is an output of the deployment, see docs/azure.md."
done

references="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$HEADGATE_APP/config/configreferences/appsettings"
looks=0
silent=0
absent=0
while :; do
  az rest --method post --url "$references/refresh?api-version=2022-03-01" --output none || :
  # One line for each reference: its setting and its state, parted by a tab. A failed look is one that found nothing.
  states=$(az rest --method get --url "$references?api-version=2022-03-01" --query 'value[].[name, properties.status]' --output tsv | tr -d '\r')
  open=$(printf '%s\n' "$states" | grep -v 'Resolved$' || :)
  if [ -n "$states" ] && [ -z "$open" ]; then
    break
  fi
  if [ -z "$states" ]; then
    silent=$((silent + 1))
    [ "$silent" -lt 6 ] \
      || refuse "App Service does not say whether the references of $HEADGATE_APP resolve. Ask the service for /queues with the operator's key: 503 operator-key-unresolved means that they do not. Run this again: infra/hooks/postprovision.sh"
  fi
  case $open in
    *SecretNotFound*) absent=$((absent + 1)) ;;
    *) absent=0 ;;
  esac
  [ "$absent" -lt 2 ] \
    || refuse "The vault holds no operator key, so nobody is operator yet. Export HEADGATE_ADMIN_KEY and provision again: docs/azure.md, 'The operator's key'."
  looks=$((looks + 1))
  [ "$looks" -lt 60 ] \
    || refuse "References of $HEADGATE_APP do not resolve: $(printf '%s' "$open" | tr '\t\n' ' ,'). The app runs, and answers operators 503 operator-key-unresolved. Run this again: infra/hooks/postprovision.sh"
  sleep "${HEADGATE_HOOK_PAUSE:-10}"
done
az functionapp restart --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" --name "$HEADGATE_APP" --output none
printf 'headgate: every reference of %s resolves; the app was restarted with them\n' "$HEADGATE_APP"
