#!/bin/sh
# Puts the hub's own keys into the vault, each once and never over an old one, then names the secrets of connectors that are still missing.
# No value is printed, nor given on a command line. Wants az, signed in, and what the deployment put out (azd hands it over by itself):
#   KEY_VAULT_NAME  SECRET_NAMES  AZURE_RESOURCE_GROUP  FUNCTION_APP_NAME
set -eu

: "${KEY_VAULT_NAME:?is an output of the deployment}" "${SECRET_NAMES:?is an output of the deployment}"
: "${AZURE_RESOURCE_GROUP:?is an output of the deployment}" "${FUNCTION_APP_NAME:?is an output of the deployment}"
tries=${SECRETS_TRIES:-20} pause=${SECRETS_PAUSE:-15}

# The right to write secrets takes some minutes to arrive after the deployment that grants it.
until names=$(az keyvault secret list --vault-name "$KEY_VAULT_NAME" --query '[].name' --output tsv); do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "The vault does not let us in. Are you its secrets officer (parameter secretsOfficerId)?" >&2; exit 1; }
  sleep "$pause"
done

has() { printf '%s\n' "$names" | grep -qx -- "$1"; }

umask 077
file=$(mktemp)
trap 'rm -f "$file"' EXIT
missing=''
for name in $SECRET_NAMES; do
  if has "$name"; then
    continue
  fi
  case $name in
    Hub--*)
      openssl rand -base64 32 | tr -d '\n' > "$file"
      az keyvault secret set --vault-name "$KEY_VAULT_NAME" --name "$name" --file "$file" --encoding utf-8 --output none
      echo "$name: made"
      ;;
    *) missing="$missing $name" ;;
  esac
done

# References are read again at once instead of within a day.
az rest --method post --output none \
  --url "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$FUNCTION_APP_NAME/config/configreferences/appsettings/refresh?api-version=2024-11-01"

for name in $missing; do
  echo "$name: missing. The hub does not start without it: az keyvault secret set --vault-name $KEY_VAULT_NAME --name $name --file <file>"
done
