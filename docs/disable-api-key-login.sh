#!/usr/bin/env bash
# Undoes enable-api-key-login.sh: gives a realm its browser flow and account theme back and takes API keys out of it. Run it for
# each realm before the extension's jar is removed: Keycloak refuses every login of a realm whose flow or required action it does
# not find.
# The keys themselves stay with their users, and work again once the realm is enabled again. The realm's policy for keys is deleted.
# Run `kcadm.sh config credentials` first; kcadm.sh must be on the PATH.
#
# Usage: disable-api-key-login.sh <realm> [<browser flow>]
#   <browser flow>  the flow that the realm gets; by default the one that enable-api-key-login.sh found
set -euo pipefail

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

flows() { admin get /authentication/flows --fields id,alias,description --format csv --noquotes; }

present=$(admin get "" --fields browserFlow --format csv --noquotes)
own=$(flows | grep -F ",$flow," || true)
if [ "$present" = "$flow" ]; then
  before=${2:-${own#*"$original"}}
  if [ -z "$before" ] || [ "$before" = "$own" ]; then
    before=browser
  fi
  admin update "" -s "browserFlow=$before"
  echo "Realm $realm has browser flow \"$before\" again."
fi
[ -z "$own" ] || admin delete "/authentication/flows/${own%%,*}"

if [ "$(admin get "" --fields accountTheme --format csv --noquotes)" = api-keys ]; then
  # With -s, an empty value is left out of the request.
  admin update "" -b '{"accountTheme":""}'
fi

if [ "$(admin get "" --fields adminTheme --format csv --noquotes)" = api-keys ]; then
  admin update "" -b '{"adminTheme":""}'
fi

if admin get /authentication/required-actions --fields alias --format csv --noquotes | grep -qx CREATE_API_KEY; then
  admin delete /authentication/required-actions/CREATE_API_KEY
fi
echo "Realm $realm accepts no API keys any more. They stay with their users as credentials."

# Flows that somebody has made by hand.
remaining=0
while IFS= read -r alias; do
  if admin get "/authentication/flows/$(encoded "$alias")/executions" --fields providerId --format csv --noquotes | grep -q '^api-key-'; then
    echo "Flow \"$alias\" still has a step of the extension. Remove the step before you remove the jar." >&2
    remaining=1
  fi
done < <(admin get /authentication/flows --fields alias --format csv --noquotes)
exit "$remaining"
