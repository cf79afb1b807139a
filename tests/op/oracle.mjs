// A second opinion on ID tokens and on addresses, from implementations that rolecall shares nothing
// with: npm's jose and the URL class of Node.js.
//
//   node oracle.mjs '{"jwks": …, "issuer": …, "clientId": …, "project": …, "algorithms": […],
//                     "accessToken": …, "now": …}' < questions
//
// A question is a line of JSON, and so is its answer:
// {"token": …, "nonce": …}   true or false: does OpenID Connect Core 1.0, 3.1.3.7 accept it?
// {"url": …, "base": …}      the origin to which it leads from there

import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createLocalJWKSet, jwtVerify } from 'jose';

const settings = JSON.parse(process.argv[2] ?? '{}');
const LEEWAY = 60;
const OLDEST = 600;

function demand(condition, what) {
  if (!condition) throw new Error(what);
}

function halfHash(alg, text) {
  const name = { 256: 'sha256', 384: 'sha384', 512: 'sha512' }[alg.slice(-3)] ?? 'sha512';
  const hash = createHash(name).update(text).digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}

async function verify({ token, nonce }) {
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(settings.jwks), {
    issuer: settings.issuer,
    audience: settings.clientId,
    algorithms: settings.algorithms,
    clockTolerance: LEEWAY,
    currentDate: new Date(settings.now * 1000),
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
  });
  const { typ } = protectedHeader;
  demand(typ === undefined || /^(application\/)?jwt$/i.test(typ) || /^jose$/i.test(typ), 'typ');
  demand(typeof payload.iat === 'number' && payload.iat <= settings.now + LEEWAY, 'iat: too new');
  demand(payload.iat >= settings.now - OLDEST, 'iat: too old');
  demand(payload.nonce === nonce, 'nonce');
  demand(typeof payload.sub === 'string' && payload.sub.length > 0, 'sub');
  demand(Buffer.byteLength(payload.sub) <= 255, 'sub: too long');
  if (payload.azp === undefined) {
    const trusted = [settings.clientId, settings.project];
    demand([payload.aud].flat().every((audience) => trusted.includes(audience)), 'aud');
  } else {
    demand(payload.azp === settings.clientId, 'azp');
  }
  if (payload.at_hash !== undefined) {
    demand(payload.at_hash === halfHash(protectedHeader.alg, settings.accessToken), 'at_hash');
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let answer;
  if (question.url === undefined) {
    answer = await verify(question).then(() => true, () => false);
  } else {
    answer = new URL(question.url, question.base).origin;
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
