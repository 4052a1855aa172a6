// Passkeys: what the server asks goes to the device, what the device says goes to the server; here nothing is decided.
export function startPasskeys() {
  const places = document.querySelectorAll("[data-passkeys]");
  if (!places.length || !window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
  for (const place of places) {
    place.hidden = false;
    const form = place.closest("form") ?? place;
    const say = form.querySelector("[data-passkey-says]");
    const work = place.dataset.passkeys === "add" ? add : signIn;
    const button = place.querySelector("[data-passkey-go]") ?? place;
    const go = async (event) => {
      event.preventDefault();
      button.disabled = true;
      say.textContent = "";
      try {
        location.assign((await work(form, place.dataset)).to);
      } catch (error) {
        // Closing the device's own window is no fault.
        say.textContent = error.name === "NotAllowedError" ? "The device did not answer. Try again." : error.message;
        button.disabled = false;
      }
    };
    if (place === form) form.addEventListener("submit", go);
    else button.addEventListener("click", go);
  }
}

async function signIn(form, { ask, answer, next }) {
  const { options } = await post(form, ask, {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  return post(form, answer, { credential: credential.toJSON(), next });
}

async function add(form, { ask, answer }) {
  const { options } = await post(form, ask, { password: form.elements.password.value });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  return post(form, answer, { label: form.elements.label.value, credential: credential.toJSON() });
}

async function post(form, address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": form.querySelector("[name=csrf_token]").value,
    },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || said.detail || "That did not work. Try again later.");
  // A token for the next question: a right answer may have begun another session.
  form.querySelector("[name=csrf_token]").value = said.csrf;
  return said;
}
