"""What the site says of its people. A role is a group."""

from oidc_provider.lib.claims import ScopeClaims

CLAIM = "roles"

# Turned by a command.
roles_in_id_token = False


def roles_of(user):
    """The names of the groups; no claim at all for somebody without one."""
    names = list(user.groups.order_by("name").values_list("name", flat=True))
    return {CLAIM: names} if names else {}


def userinfo(claims, user):
    """Standard claims; those that stay empty are left out by the provider."""
    claims["name"] = user.get_full_name()
    claims["given_name"] = user.first_name
    claims["family_name"] = user.last_name
    claims["preferred_username"] = user.username
    claims["email"] = user.email
    return claims


class RolesScope(ScopeClaims):
    """Scope `roles`."""

    info_roles = ("Roles", "What you may do in the application.")

    def scope_roles(self):
        return roles_of(self.user)


def id_token(id_token, user, **kwargs):
    """Adds the roles to the ID token when that is turned on."""
    return {**id_token, **roles_of(user)} if roles_in_id_token else id_token
