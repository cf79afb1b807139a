// A certified OpenID Provider that nobody here wrote, dressed up as ZITADEL for the tests.
//
//   node oidc-provider.mjs '{"clientId": …}'    see `settings` below for every key
//
// It listens on a free loopback port, prints one line {"issuer": …, "port": …}, and ends when its
// standard input does. A line of JSON there merges new settings into the old ones, with three more
// keys, and is answered by a line {} or {"error": …}:
// "rotateKeys": true     a new signing key; the old one stays published
// "roles": {sub: […]}    what these people may do from their next token on
// "signOut": sub         a logout token for every session this person signed in with

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

const settings = {
  clientId: 'rolecall',
  clientSecret: 'rolecall-test-secret',
  redirectUris: [],
  postLogoutRedirectUris: [],
  backchannelLogoutUri: undefined,
  projectId: '249703732336418457',
  rolesInIdToken: true,
  accessTokenSeconds: 3600,
  jwtAccessTokens: false, // for an API, as ZITADEL does it for its own; then there is no userinfo
  people: [], // {sub, name, email, roles}
};

const cookieKey = randomBytes(32).toString('base64url');
const sessions = []; // {sub, sid} of everyone who has signed in
let issuer;
const signingKeys = [newSigningKey()]; // the first one signs
let provider;

function newSigningKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };
}

// --- People -------------------------------------------------------------------

const rolesClaims = () => [
  `urn:zitadel:iam:org:project:${settings.projectId}:roles`,
  'urn:zitadel:iam:org:project:roles',
];

const zitadelScopes = () => [
  'urn:zitadel:iam:org:projects:roles',
  `urn:zitadel:iam:org:project:id:${settings.projectId}:aud`,
];

// No role: no claim, as ZITADEL does.
function rolesOf(person) {
  if (!person.roles?.length) return {};
  const organization = { '259000000000000050': 'acme.zitadel.example' };
  const roles = Object.fromEntries(person.roles.map((role) => [role, organization]));
  return Object.fromEntries(rolesClaims().map((claim) => [claim, roles]));
}

function findAccount(ctx, sub) {
  const person = settings.people.find((one) => one.sub === sub);
  if (!person) return undefined;
  const { roles, ...profile } = person;
  const claims = (use) => ({
    email_verified: Boolean(profile.email),
    preferred_username: profile.email,
    ...profile,
    ...(use === 'userinfo' || settings.rolesInIdToken ? rolesOf(person) : {}),
  });
  return { accountId: sub, claims };
}

// --- The provider -------------------------------------------------------------

const escaped = (text) => String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const page = (title, body) => `<!doctype html><html lang="en"><meta charset="utf-8">
<title>${escaped(title)}</title><h1>${escaped(title)}</h1>${body}</html>`;
const button = (form, text, attributes = '') => `<button form="${form}" ${attributes}>${text}</button>`;

// Nobody is asked for consent: whoever signs in has given it.
async function grantEverything(ctx) {
  const { client, params, session } = ctx.oidc;
  const grant = new ctx.oidc.provider.Grant({
    clientId: client.clientId,
    accountId: session.accountId,
  });
  grant.addOIDCScope(params.scope);
  grant.addResourceScope(api, '');
  await grant.save();
  return grant;
}

const api = 'urn:example:api';

const features = () => ({
  userinfo: { enabled: !settings.jwtAccessTokens },
  resourceIndicators: {
    enabled: settings.jwtAccessTokens,
    defaultResource: () => api,
    getResourceServerInfo: () => ({ scope: '', accessTokenFormat: 'jwt' }),
  },
  backchannelLogout: { enabled: true },
  devInteractions: { enabled: false },
  deviceFlow: {
    enabled: true,
    userCodeInputSource(ctx, form, out, error) {
      const problem = error ? '<p>That code is not known.</p>' : '';
      ctx.body = page('Enter the code', problem + form + button('op.deviceInputForm', 'Continue'));
    },
    userCodeConfirmSource(ctx, form, client, device, code) {
      const question = `<p>${escaped(client.clientId)} shows ${escaped(code)}</p>`;
      ctx.body = page('Connect a device', question + form + button('op.deviceConfirmForm', 'Connect'));
    },
    successSource(ctx) {
      ctx.body = page('Device connected', '');
    },
  },
  introspection: { enabled: true },
  revocation: { enabled: true },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource(ctx, form) {
      const yes = button('op.logoutForm', 'Yes, sign me out', 'name="logout" value="yes"');
      ctx.body = page('Sign out?', form + yes + button('op.logoutForm', 'No, stay signed in'));
    },
    postLogoutSuccessSource(ctx) {
      ctx.body = page('Signed out', '');
    },
  },
});

function client() {
  return {
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    redirect_uris: settings.redirectUris,
    require_auth_time: true,
    post_logout_redirect_uris: settings.postLogoutRedirectUris,
    grant_types: [
      'authorization_code',
      'refresh_token',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
    ...(settings.backchannelLogoutUri && {
      backchannel_logout_uri: settings.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
  };
}

// What the provider remembers: `${model}:${id}` → {payload, expiresAt}.
const memory = new Map();

class Adapter {
  constructor(model) {
    this.model = model;
  }

  async upsert(id, payload, expiresIn) {
    memory.set(`${this.model}:${id}`, { payload, expiresAt: Date.now() + expiresIn * 1000 });
  }

  async find(id) {
    const kept = memory.get(`${this.model}:${id}`);
    return kept?.expiresAt > Date.now() ? kept.payload : undefined;
  }

  #findBy(key, value) {
    const mine = [...memory].filter(([id]) => id.startsWith(`${this.model}:`));
    return mine.map(([, { payload }]) => payload).find((payload) => payload[key] === value);
  }

  async findByUid(uid) {
    return this.#findBy('uid', uid);
  }

  async findByUserCode(userCode) {
    return this.#findBy('userCode', userCode);
  }

  async consume(id) {
    memory.get(`${this.model}:${id}`).payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    memory.delete(`${this.model}:${id}`);
  }

  async revokeByGrantId(grantId) {
    for (const [id, { payload }] of memory) if (payload.grantId === grantId) memory.delete(id);
  }
}

// Changed settings make a new provider with the old one's memory.
function newProvider() {
  const made = new Provider(issuer, {
    adapter: Adapter,
    clients: [client()],
    jwks: { keys: signingKeys },
    cookies: { keys: [cookieKey] },
    scopes: ['openid', 'offline_access', ...zitadelScopes()],
    claims: {
      openid: ['sub', ...rolesClaims()],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'locale', 'updated_at'],
      email: ['email', 'email_verified'],
      phone: ['phone_number', 'phone_number_verified'],
    },
    features: features(),
    // Unlike its own, this one lets logout tokens go to loopback addresses.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    findAccount,
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: grantEverything,
    issueRefreshToken: async (ctx, owner) => owner.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: () => true,
    extraTokenClaims(ctx, token) {
      const person = settings.people.find((one) => one.sub === token.accountId);
      return person && rolesOf(person);
    },
    renderError(ctx, { error, error_description: description }) {
      ctx.body = page(error, `<p>${escaped(description)}</p>`);
    },
    ttl: { AccessToken: settings.accessTokenSeconds, AuthorizationCode: 60, Grant: 86400, IdToken: 3600, Interaction: 600,
      DeviceCode: 600, RefreshToken: 86400, Session: 86400 },
  });
  made.on('authorization.success', (ctx) => {
    const { session } = ctx.oidc;
    const sid = session?.sidFor(settings.clientId);
    if (sid) sessions.push({ sub: session.accountId, sid });
  });
  made.on('server_error', (ctx, error) => console.error(error));
  made.on('backchannel.error', (ctx, error) => console.error(error));
  return made;
}

// --- HTTP ---------------------------------------------------------------------

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function send(response, status, type, text) {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(text);
}

// The sign-in page: one button for each person, no password, no script.
async function interact(request, response) {
  const interaction = await provider.interactionDetails(request, response);
  if (request.method === 'POST') {
    const accountId = new URLSearchParams(await body(request)).get('sub');
    const result = findAccount(undefined, accountId)
      ? { login: { accountId, amr: ['pwd'] } }
      : { error: 'access_denied', error_description: 'The person chose not to sign in' };
    await provider.interactionFinished(request, response, result);
    return;
  }
  const person = ({ sub, name }) => `<p><button name="sub" value="${escaped(sub)}">${escaped(name)}</button></p>`;
  const form = `<form method="post" action="/interaction/${interaction.uid}">
    ${settings.people.map(person).join('')}<p><button name="cancel" value="yes">Cancel</button></p></form>`;
  send(response, 200, 'text/html', page('Who are you?', form));
}

async function serve(request, response) {
  try {
    if (request.url.startsWith('/interaction/')) await interact(request, response);
    else await provider.callback()(request, response);
  } catch (error) {
    send(response, 500, 'text/plain', `${error.stack}\n`);
  }
}

// --- Control ------------------------------------------------------------------

async function control({ rotateKeys, roles = {}, signOut, ...changes }) {
  Object.assign(settings, changes);
  if (rotateKeys) signingKeys.unshift(newSigningKey());
  for (const [sub, now] of Object.entries(roles)) findPerson(sub).roles = now;
  if (rotateKeys || Object.keys(changes).length > 0) provider = newProvider();
  if (signOut) await sendLogoutTokens(signOut);
  return {};
}

function findPerson(sub) {
  const person = settings.people.find((one) => one.sub === sub);
  if (!person) throw new Error(`nobody is called ${sub}`);
  return person;
}

async function sendLogoutTokens(sub) {
  const receiver = await provider.Client.find(settings.clientId);
  const theirs = sessions.filter((session) => session.sub === sub);
  if (theirs.length === 0) throw new Error(`${sub} has not signed in`);
  for (const { sid } of theirs) await receiver.backchannelLogout(sub, sid);
}

// --- Life ---------------------------------------------------------------------

const say = (answer) => console.log(JSON.stringify(answer));
console.info = console.error; // standard output is for answers; the package has notices

Object.assign(settings, JSON.parse(process.argv[2] ?? '{}'));
const server = createServer(serve).listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  issuer = `http://127.0.0.1:${port}`;
  provider = newProvider();
  say({ issuer, port });
  for await (const line of createInterface({ input: process.stdin })) {
    say(await control(JSON.parse(line)).catch((error) => ({ error: String(error) })));
  }
  process.exit(0);
});
