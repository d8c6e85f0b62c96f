// Passkeys: fetch or read the challenge, ask the device, send its answer as an ordinary form.
// Uses window.webauthnJSON (django-allauth's static file) for the base64url conversions.

const words = document.documentElement.lang === "en"
  ? { refused: "The device did not confirm. Try again, or use the code.", offline: "No connection. Try again." }
  : { refused: "อุปกรณ์ไม่ได้ยืนยัน ลองอีกครั้ง หรือใช้วิธีอื่นในหน้านี้", offline: "ติดต่อระบบไม่ได้ ลองอีกครั้ง" }

function say(form, sentence) {
  const place = form.querySelector("[data-passkey-fault]")
  if (!place) return
  place.textContent = sentence
  place.hidden = false
}

async function options(form) {
  const id = form.dataset.passkeyOptions
  if (id) return JSON.parse(document.getElementById(id).textContent)
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new TypeError(words.offline)
  return answer.json()
}

async function ask(form) {
  const data = await options(form)
  if (form.dataset.passkey !== "add") return window.webauthnJSON.get(data.request_options)
  const wanted = data.creation_options
  const box = form.querySelector("[name=passwordless]")
  const alone = Boolean(box && box.checked)
  wanted.publicKey.authenticatorSelection = {
    ...wanted.publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  }
  return window.webauthnJSON.create(wanted)
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !window.webauthnJSON) {
    say(form, words.refused)
    continue
  }
  form.hidden = false
  const go = form.querySelector("[data-passkey-go]")
  go.addEventListener("click", async () => {
    go.disabled = true
    try {
      form.elements.credential.value = JSON.stringify(await ask(form))
      form.submit()
    } catch (fault) {
      say(form, fault instanceof TypeError ? words.offline : words.refused)
      go.disabled = false
    }
  })
}
