// A second stock client, in another language: signs a person in with PKCE, asks who he is, refreshes, signs him out.
// node check.mjs ISSUER CLIENT_ID CLIENT_SECRET REDIRECT GOODBYE LOGIN PASSWORD — prints one JSON line, or fails.
import * as client from 'openid-client'

const [issuer, clientId, secret, redirect, goodbye, login, password] = process.argv.slice(2)
const cookies = new Map()

// ── just enough of a browser: cookies of one site, redirects by hand, forms sent as they stand ──
async function visit(address, options = {}) {
  const headers = { ...options.headers, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }
  const answer = await fetch(address, { ...options, headers, redirect: 'manual' })
  for (const line of answer.headers.getSetCookie()) {
    const [name, value] = line.split(';')[0].split('=')
    cookies.set(name, value)
  }
  const next = answer.headers.get('location')
  if (!next) return { address, page: await answer.text(), status: answer.status }
  const there = new URL(next, address)
  return there.origin === new URL(issuer).origin ? visit(there.href) : { address: there.href, page: '', status: 303 }
}

function unescaped(text) {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x27;', "'")
}

async function submit(seen, values) {
  const forms = [...seen.page.matchAll(/<form[^>]*method="post"[^>]*>.*?<\/form>/gis)].map((found) => found[0])
  const form = forms.find((text) => Object.keys(values).every((name) => text.includes(`name="${name}"`)))
  if (!form) throw new Error(`no form with ${Object.keys(values)} at ${seen.address} (${seen.status})`)
  const body = new URLSearchParams()
  for (const [tag] of form.matchAll(/<input[^>]*>/gi)) {
    const [name, value] = ['name', 'value'].map((part) => tag.match(new RegExp(`\\s${part}="([^"]*)"`))?.[1])
    const chosen = !/type="(radio|checkbox)"/.test(tag) || /\schecked/.test(tag)
    if (name && chosen) body.set(name, unescaped(value ?? ''))
  }
  for (const [name, value] of Object.entries(values)) body.set(name, value)
  const action = form.match(/<form[^>]*\saction="([^"]*)"/i)?.[1]
  const target = new URL(action ? unescaped(action) : seen.address, seen.address)
  return visit(target.href, { method: 'POST', body, headers: { referer: seen.address, origin: target.origin } })
}

// ── the client ──
const insecure = issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {}
const config = await client.discovery(new URL(issuer), clientId, secret, undefined, insecure)
const verifier = client.randomPKCECodeVerifier()
const [state, nonce] = [client.randomState(), client.randomNonce()]
const begin = client.buildAuthorizationUrl(config, {
  redirect_uri: redirect,
  scope: 'openid profile',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
})
let seen = await visit(begin.href)
seen = await submit(seen, { login, password })
if (!seen.address.startsWith(redirect)) seen = await submit(seen, { action: 'allow' })
const expected = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
const tokens = await client.authorizationCodeGrant(config, new URL(seen.address), expected)
const claims = tokens.claims()
const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token)
const leave = client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: goodbye,
  state: 'bye',
})
seen = await visit(leave.href)
seen = await submit(seen, { action: 'logout' })
const refused = await client.refreshTokenGrant(config, renewed.refresh_token).then(
  () => 'still alive',
  (problem) => problem.error,
)
console.log(JSON.stringify({ claims, person, left: seen.address, refused }))
