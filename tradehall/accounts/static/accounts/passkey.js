// Passkeys: asks the device, puts its answer into the form, sends the form. What the answer is worth is judged on the server.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function readable(key) {
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of [key.excludeCredentials, key.allowCredentials]) for (const one of list ?? []) one.id = bytes(one.id);
  return key;
}

function sendable(credential) {
  const given = credential.response;
  const response = { clientDataJSON: text(given.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = text(given[name]);
  }
  if (given.getTransports) response.transports = given.getTransports();
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  const given = form.querySelector("script[data-options]");
  if (given) return JSON.parse(given.textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options;
}

async function ask(form) {
  const { publicKey } = await options(form);
  if (form.dataset.passkey !== "add") return navigator.credentials.get({ publicKey: readable(publicKey) });
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return navigator.credentials.create({ publicKey: readable(publicKey) });
}

const SAID = {
  NotAllowedError: "没有完成：您取消了，或等待太久。可以再试一次。",
  InvalidStateError: "这台设备或安全钥匙已经登记过了。",
  SecurityError: "浏览器不允许在这个地址使用通行密钥。",
};

// A passkey belongs to a name; browsers refuse it for a bare number.
const isNumber = /^[\d.]+$|:/.test(location.hostname);
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button"), why = form.querySelector("[data-why]");
  form.hidden = false;
  if (!window.PublicKeyCredential || isNumber) {
    button.disabled = true;
    why.textContent = isNumber ? "通行密钥只能在有域名的地址使用；本机演示请用 localhost 打开。" : "这个浏览器不支持通行密钥。";
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    why.textContent = "请按设备的提示验证……";
    try {
      form.querySelector("[name=credential]").value = JSON.stringify(sendable(await ask(form)));
      form.submit();
    } catch (error) {
      why.textContent = SAID[error.name] ?? "没有完成，请再试一次或改用其他方式。";
      button.focus();
    }
  });
}
