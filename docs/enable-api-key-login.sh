#!/usr/bin/env bash
# Lets the users of a realm sign in with an API key: under "Try another way", beside what the realm's browser flow
# offers already. Also lets them make keys in the Account Console. Run `kcadm.sh config credentials` first; kcadm.sh must be on the PATH.
#
# Usage: enable-api-key-login.sh <realm>
set -euo pipefail

realm=${1:?which realm?}
flow="browser with API key"

# The action that makes a key, whose configuration is the realm's policy for keys.
if ! kcadm.sh get authentication/required-actions -r "$realm" --fields alias --format csv --noquotes | grep -qx CREATE_API_KEY; then
  kcadm.sh create authentication/register-required-action -r "$realm" -s providerId=CREATE_API_KEY -s "name=Create API key"
fi

# A built-in flow cannot be changed, so a copy of the realm's present browser flow is.
present=$(kcadm.sh get "realms/$realm" --fields browserFlow --format csv --noquotes)
if [ "$present" = "$flow" ]; then
  echo "Realm $realm offers API keys already."
  exit 0
fi
kcadm.sh create "authentication/flows/${present// /%20}/copy" -r "$realm" -s "newName=$flow"

execution=$(kcadm.sh create "authentication/flows/${flow// /%20}/executions/execution" -r "$realm" -s provider=api-key-form -i)
kcadm.sh update "authentication/flows/${flow// /%20}/executions" -r "$realm" \
  -b "{\"id\":\"$execution\",\"requirement\":\"ALTERNATIVE\"}"

kcadm.sh update "realms/$realm" -s "browserFlow=$flow"
echo "Realm $realm now offers API keys under \"Try another way\"."
