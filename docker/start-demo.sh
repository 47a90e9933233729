#!/bin/bash
# Starts Keycloak with the realm of the demo, whose programs are behind the proxy of compose.yaml. Bash alone, because the
# image of Keycloak has no sed.
set -euo pipefail
realm=$(</demo.json)
realm=${realm//http:\/\/localhost:8090/http:\/\/dashboard.localhost:$PORT}
realm=${realm//http:\/\/localhost:8092/http:\/\/billing.localhost:$PORT}
client='"clientId": "reports-api",'
realm=${realm/"$client"/"$client \"secret\": \"$REPORTS_API_SECRET\","}
printf '%s' "$realm" >/opt/keycloak/data/import/demo.json
exec /opt/keycloak/bin/kc.sh start --optimized --import-realm
