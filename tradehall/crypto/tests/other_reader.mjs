// A second reader of sealed bids, written from docs/decisions/0015-bid-container.md alone: opens a container of the
// international suite, and makes its shares and wraps again. Reads {container, lot, slot, guardians[{private, public}]}
// (hex) from standard input; prints {numbers, files{name: sha256}, statement} or fails. It checks nothing twice.
import * as c from "node:crypto";
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const hex = (text) => Buffer.from(text, "hex");
const base64 = (text) => Buffer.from(text, "base64");
const join = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const number = (value, size) => hex(value.toString(16).padStart(2 * size, "0"));
const framed = (...parts) => join(...parts.flatMap((part) => [number(Buffer.from(part).length, 4), part]));
const digest = (data) => c.createHash("sha256").update(data).digest();
const mac = (key, data) => c.createHmac("sha256", key).update(data).digest();
const must = (what, one, other) => { if (!Buffer.from(one).equals(Buffer.from(other))) throw new Error(what); };

function expand(secret, info, size) {
  let [block, out] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (let round = 1; out.length < size; round++) {
    block = mac(secret, join(block, info, [round]));
    out = join(out, block);
  }
  return out.subarray(0, size);
}

// RFC 9180
const KEM = join("KEM", number(0x20, 2));
const SUITE = join("HPKE", number(0x20, 2), number(1, 2), number(2, 2));
const extracted = (suite, salt, label, data) => mac(salt.length ? salt : Buffer.alloc(32), join("HPKE-v1", suite, label, data));
const expanded = (suite, key, label, info, size) => expand(key, join(number(size, 2), "HPKE-v1", suite, label, info), size);
const privateKey = (raw) => c.createPrivateKey({ key: join(hex("302e020100300506032b656e04220420"), raw), format: "der", type: "pkcs8" });
const publicKey = (raw) => c.createPublicKey({ key: join(hex("302a300506032b656e032100"), raw), format: "der", type: "spki" });
const publicBytes = (key) => c.createPublicKey(key).export({ format: "der", type: "spki" }).subarray(12);

function schedule(agreed, enc, receiver, info) {
  const shared = expanded(KEM, extracted(KEM, "", "eae_prk", agreed), "shared_secret", join(enc, receiver), 32);
  const context = join([0], extracted(SUITE, "", "psk_id_hash", ""), extracted(SUITE, "", "info_hash", info));
  const secret = extracted(SUITE, shared, "secret", "");
  return [expanded(SUITE, secret, "key", context, 32), expanded(SUITE, secret, "base_nonce", context, 12)];
}

function decrypted(key, nonce, sealed, bound) {
  const state = c.createDecipheriv("aes-256-gcm", key, nonce);
  state.setAAD(bound);
  state.setAuthTag(sealed.subarray(-16));
  return join(state.update(sealed.subarray(0, -16)), state.final());
}

function unwrapped(wrap, guardian, info) {
  const [enc, key] = [wrap.subarray(0, 32), privateKey(hex(guardian.private))];
  const agreed = c.diffieHellman({ privateKey: key, publicKey: publicKey(enc) });
  return decrypted(...schedule(agreed, enc, hex(guardian.public), info), wrap.subarray(32), Buffer.alloc(0));
}

function wrapped(share, receiver, info, seed) {
  const key = privateKey(expanded(KEM, extracted(KEM, "", "dkp_prk", seed), "sk", "", 32));
  const enc = publicBytes(key);
  const agreed = c.diffieHellman({ privateKey: key, publicKey: publicKey(receiver) });
  const state = c.createCipheriv("aes-256-gcm", ...schedule(agreed, enc, receiver, info));
  return join(enc, state.update(share), state.final(), state.getAuthTag());
}

// Shamir over GF(2^8)
function times(one, other) {
  let product = 0;
  for (; other; other >>= 1, one = (one << 1) ^ (one & 0x80 ? 0x11b : 0)) if (other & 1) product ^= one;
  return product;
}
const inverse = (value) => Array(254).fill(value).reduce(times);

function joined(shares) {
  const secret = Buffer.alloc(32);
  for (const share of shares) {
    const others = shares.filter((other) => other !== share).map((other) => other[32]);
    const weight = others.reduce((product, x) => times(product, times(x, inverse(x ^ share[32]))), 1);
    secret.forEach((byte, at) => { secret[at] = byte ^ times(weight, share[at]); });
  }
  return secret;
}

function shareOf(key, coefficients, x) {
  const terms = [key, ...Array.from({ length: coefficients.length / 32 }, (_, at) => coefficients.subarray(32 * at, 32 * at + 32))];
  const bytes = Array.from(key, (_, at) => terms.reduceRight((value, term) => times(value, x) ^ term[at], 0));
  return Buffer.from([...bytes, x]);
}

// The container
const D = "tradehall bid 1";
const file = hex(asked.container);
const length = file.readUInt32BE(16);
const [signed, tag] = [file.subarray(0, 20 + length), file.subarray(20 + length, 52 + length)];
const header = JSON.parse(signed.subarray(20));
must("magic", signed.subarray(0, 16), `${D}\n`);
const cover = base64(header.cover);
const place = digest(framed(D, "place", header.suite, asked.lot, hex(asked.slot), cover));
must("place", place, base64(header.place));

const count = header.shares.length;
const info = (x) => framed(D, "wrap", place, [x, header.quorum, count]);
const held = asked.guardians.flatMap((one, at) => (one.private ? [unwrapped(base64(header.wraps[at]), one, info(at + 1))] : []));
const key = joined(held.slice(0, header.quorum));
must("key", digest(framed(D, "key", place, key)), base64(header.key));
const derived = (purpose, size, ...context) => expand(mac(place, key), framed(D, purpose, ...context), size);
must("tag", mac(derived("header tag", 32), signed), tag);

const coefficients = derived("coefficients", 32 * (header.quorum - 1), [header.quorum, count]);
asked.guardians.forEach((one, at) => {
  const share = shareOf(key, coefficients, at + 1);
  must("share", digest(framed(D, "share", place, share)), base64(header.shares[at]));
  const seed = derived("wrap seed", 32, [at + 1], hex(one.public));
  must("wrap", wrapped(share, hex(one.public), info(at + 1), seed), base64(header.wraps[at]));
});

const SEALED = (1 << 20) + 16;
const body = derived("body", 32, digest(signed));
const chunks = Array.from({ length: header.chunks }, (_, index) => {
  const at = 52 + length + index * SEALED;
  const nonce = join(number(index, 11), [index === header.chunks - 1 ? 1 : 0]);
  return decrypted(body, nonce, file.subarray(at, at + SEALED), place);
});
const payload = Buffer.concat(chunks);
const front = payload.subarray(4, 4 + payload.readUInt32BE(0));
must("front", digest(framed(D, "front", place, front)), base64(header.front));
const { certificate, signature, statement } = JSON.parse(front);
must("cover", digest(framed(D, "bidder", statement.bidder, base64(statement.salt))), cover);
const text = front.subarray(front.indexOf('"statement":') + 12, -1);
const holder = new c.X509Certificate(certificate).publicKey;
if (!c.verify("sha256", join(D, " statement\n", text), holder, base64(signature))) throw new Error("signature");

const files = {};
let at = 4 + front.length;
for (const { name, size } of statement.files) {
  files[name] = digest(payload.subarray(at, at + size)).toString("hex");
  at += size;
}
console.log(JSON.stringify({ files, numbers: held.map((share) => share[32]), statement }));
