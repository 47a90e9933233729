#!/usr/bin/env bash
# Enables API keys in a realm, and lets its users sign in with one: under "Try another way", beside what the realm's browser flow
# offers already. The Account Console gets the page "API keys" unless the realm has an account theme of its own. Can be run again at
# any time; disable-api-key-login.sh undoes it.
# Run `kcadm.sh config credentials` first; kcadm.sh must be on the PATH.
#
# Usage: enable-api-key-login.sh [--check] <realm>
#   --check  changes nothing, and says what is set up
set -euo pipefail

check=false
if [ "${1:-}" = --check ]; then
  check=true
  shift
fi
realm=${1:?which realm?}
flow="browser with API key"
original="Made by enable-api-key-login.sh from: "

# Percent-encodes a name for a path.
encoded() {
  local LC_ALL=C text=$1 i c
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in [A-Za-z0-9._~-]) printf %s "$c" ;; *) printf '%%%02X' "'$c" ;; esac
  done
}

admin() { # verb path options…
  kcadm.sh "$1" "realms/$(encoded "$realm")$2" "${@:3}"
}

registered() { admin get /authentication/required-actions --fields alias --format csv --noquotes | grep -qx CREATE_API_KEY; }
enabled() { admin get /authentication/required-actions/CREATE_API_KEY --fields enabled --format csv --noquotes; }

# An alias may have a comma, so each is asked for by itself.
present=$(admin get "" --fields browserFlow --format csv --noquotes)
account_theme=$(admin get "" --fields accountTheme --format csv --noquotes)

if $check; then
  if registered; then echo "API keys enabled: $(enabled)"; else echo "API keys enabled: false"; fi
  echo "Browser flow: $present"
  if admin get "/authentication/flows/$(encoded "$present")/executions" --fields providerId,requirement --format csv --noquotes |
    grep -E '^api-key(-first)?-form,(ALTERNATIVE|REQUIRED)$' >/dev/null; then
    echo "Login with an API key: true"
  else
    echo "Login with an API key: false"
  fi
  echo "Account theme: ${account_theme:-none}"
  exit 0
fi

# The action that makes a key: the switch without which a realm has no keys. Its configuration is the realm's policy for keys.
registered || admin create /authentication/register-required-action -s providerId=CREATE_API_KEY -s "name=Create API key"
admin update /authentication/required-actions/CREATE_API_KEY -s enabled=true

if [ -z "$account_theme" ]; then
  admin update "" -s accountTheme=api-keys
elif [ "$account_theme" != api-keys ]; then
  echo "Realm $realm keeps its account theme \"$account_theme\". docs/administrators.md says how that gets the page \"API keys\"."
fi

if [ "$present" = "$flow" ]; then
  echo "Realm $realm offers API keys already."
  exit 0
fi

# A built-in flow cannot be changed, so a copy of the realm's present browser flow is. One that an earlier run has left is replaced.
id_of_flow() { admin get /authentication/flows --fields id,alias --format csv --noquotes | sed -n "s/^\([^,]*\),$flow\$/\1/p"; }
left=$(id_of_flow)
[ -z "$left" ] || admin delete "/authentication/flows/$left"
admin create "/authentication/flows/$(encoded "$present")/copy" -s "newName=$flow"
admin update "/authentication/flows/$(id_of_flow)" -s "alias=$flow" -s "description=$original$present"

# Behind all other steps: without a priority, Keycloak would put it before the cookie.
execution=$(admin create "/authentication/flows/$(encoded "$flow")/executions/execution" -s provider=api-key-form -i)
admin update "/authentication/flows/$(encoded "$flow")/executions" -b "{\"id\":\"$execution\",\"requirement\":\"ALTERNATIVE\",\"priority\":1000}"

admin update "" -s "browserFlow=$flow"
echo "Realm $realm now offers API keys under \"Try another way\". To offer them first, add step \"API key (offered first)\" to flow \"$flow\", behind \"Cookie\", as an alternative, and remove step \"API key\"."
