// Pictures a phone takes are larger than anybody needs to see a dent: they are made smaller before they are sent.
// What cannot be read here goes as it is; the server looks at every picture anyway.
const LONGEST = 1600; // as the server keeps them

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = LONGEST / Math.max(picture.width, picture.height);
  if (scale >= 1) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.[a-z0-9]+$/i, "") + ".jpg", { type: "image/jpeg" });
}

async function shrink(input) {
  const chosen = [...input.files];
  const files = await Promise.all(chosen.map((file) => smaller(file).catch(() => file)));
  if (input.files.length !== chosen.length || files.every((file, i) => file === chosen[i])) return;
  const list = new DataTransfer();
  for (const file of files) list.items.add(file);
  input.files = list.files; // no event of its own: this does not start again
}

export function startShrinking() {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file][data-shrink]")) shrink(event.target);
  });
}
