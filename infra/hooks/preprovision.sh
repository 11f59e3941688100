#!/bin/sh
# Runs before anything is made: refuses what Azure would refuse late, and registers the resource providers. azd calls it; before a deployment with
# az, call it with AZURE_ENV_NAME, AZURE_LOCATION and AZURE_SUBSCRIPTION_ID set. Ends with 0 where the deployment may go on.
set -eu

refuse() {
  printf 'headgate: %s\n' "$1" >&2
  exit 1
}

command -v az > /dev/null || refuse "'az' is not installed: https://aka.ms/install-azure-cli"
for name in AZURE_ENV_NAME AZURE_LOCATION AZURE_SUBSCRIPTION_ID; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || refuse "$name is not set: 'azd env set $name …', or export it."
done
az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none 2> /dev/null \
  || refuse "az cannot use subscription $AZURE_SUBSCRIPTION_ID: 'az login', and sign in to its tenant."

# Does the region have Flex Consumption, over zones where that is asked for? An az that cannot say stops nobody.
is_zone_redundant=${HEADGATE_ZONE_REDUNDANT:-false}
if regions=$(az functionapp list-flexconsumption-locations --zone-redundant="$is_zone_redundant" --query '[].name' --output tsv 2> /dev/null) && [ -n "$regions" ]; then
  if ! printf '%s\n' "$regions" | tr -d ' ' | tr '[:upper:]' '[:lower:]' | grep -qx -- "$AZURE_LOCATION"; then
    refuse "The region '$AZURE_LOCATION' has no Flex Consumption (zone redundant: $is_zone_redundant). Those that have: $(printf '%s' "$regions" | tr '\n' ' ')"
  fi
fi

# What an environment that is there can't change.
group="rg-headgate-$AZURE_ENV_NAME"
if [ "$(az group exists --subscription "$AZURE_SUBSCRIPTION_ID" --name "$group")" = true ]; then
  region=$(az group show --subscription "$AZURE_SUBSCRIPTION_ID" --name "$group" --query location --output tsv)
  [ "$region" = "$AZURE_LOCATION" ] \
    || refuse "$group is in $region and cannot move to $AZURE_LOCATION. Make another environment: docs/azure.md, 'What can be changed later'."
  tier=$(az resource list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$group" --resource-type Microsoft.ServiceBus/namespaces --query '[0].sku.tier' --output tsv)
  case "${HEADGATE_PRIVATE:-false} $tier" in
    'true Standard') refuse "$group is public, and its Service Bus namespace (Standard) cannot become private. Make another environment: docs/azure.md, 'What can be changed later'." ;;
    'false Premium') refuse "$group is private, and its Service Bus namespace (Premium) cannot become public. Set HEADGATE_PRIVATE=true, or make another environment: docs/azure.md, 'What can be changed later'." ;;
  esac
elif command -v azd > /dev/null && [ -z "${HEADGATE_LIVE:-}" ]; then
  # Until the code is there it is no news that nothing answers; the hook after the deployment ends this.
  azd env set HEADGATE_LIVE false
fi

# Deployments register most of these by themselves, but no template names Microsoft.App, which the app's subnet is delegated to.
providers='Microsoft.App Microsoft.Consumption Microsoft.DurableTask Microsoft.Insights Microsoft.KeyVault Microsoft.ManagedIdentity Microsoft.Network Microsoft.OperationalInsights Microsoft.ServiceBus Microsoft.Storage Microsoft.Web'
missing=
for provider in $providers; do
  state=$(az provider show --subscription "$AZURE_SUBSCRIPTION_ID" --namespace "$provider" --query registrationState --output tsv)
  [ "$state" = Registered ] && continue
  az provider register --subscription "$AZURE_SUBSCRIPTION_ID" --namespace "$provider" --output none \
    || refuse "The resource provider $provider is not registered, and you may not do it. Who may: 'az provider register --namespace $provider', as Contributor of the subscription."
  missing="$missing $provider"
done
for provider in $missing; do
  printf 'headgate: registering %s\n' "$provider"
  az provider register --subscription "$AZURE_SUBSCRIPTION_ID" --namespace "$provider" --wait --output none
done
