"""Runs the site for one test.

    OP_DATABASE=new-file.sqlite3 python serve.py '{"clientId": …, "clientSecret": …, "people": …}'

It listens on a free loopback port, prints one line {"issuer": …}, and ends when its standard
input does. A line of JSON there is a command, answered by a line {} or {"error": …}:

"redirectUris": […], "postLogoutRedirectUris": […], "jwtAlg": "HS256", "requireConsent": true
                       the client's registration
"roles": {username: […]}
                       what these people may do from their next token on
"rolesInIdToken": true roles in the ID token as well
"tokenSeconds": 60     how long access tokens live from now on
"rotateKeys": true     a new signing key; the old one is not published any more
"""

import json
import os
import socketserver
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from oidc_provider.models import Client, ResponseType, RSAKey

import claims


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """A browser keeps connections open that it does not use yet."""

    daemon_threads = True


class Handler(WSGIRequestHandler):
    """Says nothing about requests, of which some hold secrets."""

    def log_message(self, *_):
        pass


REGISTRATION = {
    "redirectUris": "redirect_uris",
    "postLogoutRedirectUris": "post_logout_redirect_uris",
    "jwtAlg": "jwt_alg",
    "requireConsent": "require_consent",
}


def register(client, changes):
    for name, value in changes.items():
        setattr(client, REGISTRATION[name], value)
    client.save()


def set_roles(roles):
    for username, names in roles.items():
        groups = [Group.objects.get_or_create(name=name)[0] for name in names]
        User.objects.get(username=username).groups.set(groups)


def rotate_keys():
    RSAKey.objects.all().delete()
    call_command("creatersakey", verbosity=0, stdout=open(os.devnull, "w"))


def obey(client, command):
    set_roles(command.pop("roles", {}))
    if "rolesInIdToken" in command:
        claims.roles_in_id_token = command.pop("rolesInIdToken")
    if "tokenSeconds" in command:
        settings.OIDC_TOKEN_EXPIRE = command.pop("tokenSeconds")
    if command.pop("rotateKeys", False):
        rotate_keys()
    register(client, command)


def prepare(given):
    call_command("migrate", verbosity=0)
    rotate_keys()
    for person in given["people"]:
        roles = person.pop("roles")
        User.objects.create_user(**person)
        set_roles({person["username"]: roles})
    client = Client.objects.create(
        name="Rolecall",
        client_id=given["clientId"],
        client_secret=given["clientSecret"],
        require_consent=False,
    )
    client.response_types.add(ResponseType.objects.get(value="code"))
    return client


def answer(client, line):
    try:
        obey(client, json.loads(line))
    except Exception as error:
        return {"error": repr(error)}
    return {}


def main():
    client = prepare(json.loads(sys.argv[1]))
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"issuer": f"http://127.0.0.1:{server.server_port}/openid"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(client, line)), flush=True)


main()
