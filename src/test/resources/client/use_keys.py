"""Uses the client that OpenAPI Generator makes of docs/openapi.yaml.

Arguments: the server, a realm, the access token of an administrator, that of a user, and the user's name.
"""

import sys

import keycloak_api_keys as client

server, realm, admin_token, own_token, username = sys.argv[1:]


def api(kind, token):
    return kind(client.ApiClient(client.Configuration(host=server, access_token=token)))


def status(key):
    """Answers what the gateway check says of a key."""
    configuration = client.Configuration(host=server, api_key={"apiKey": key})
    try:
        client.KeysThemselvesApi(client.ApiClient(configuration)).check_key(realm)
        return 200
    except client.ApiException as refused:
        return refused.status


keys = api(client.AdministrationApi, admin_token)
made = keys.create_key(realm, client.NewHeldApiKey(username=username, name="laptop", expires_at=None))
assert made.expires_at is None and made.last_used_at is None
assert [key.id for key in keys.list_keys(realm, user_id=made.user_id)] == [made.id]
assert status(made.key) == 200
rotated = keys.rotate_key(realm, made.id, client.Rotation(expires_in=3600))
assert rotated.expires_at is not None
assert (status(made.key), status(rotated.key)) == (401, 200)
keys.revoke_key(realm, rotated.id, reason=client.Reason.UNUSED)
assert status(rotated.key) == 401

keys = api(client.OwnKeysApi, own_token)
made = keys.create_own_key(realm, client.NewApiKey(name="laptop", expires_in=3600))
rotated = keys.rotate_own_key(realm, made.id)
assert [key.id for key in keys.list_own_keys(realm)] == [rotated.id]
keys.revoke_own_key(realm, rotated.id)
assert status(rotated.key) == 401
