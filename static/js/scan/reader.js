// What reads a symbol out of a picture: the browser's own detector where it knows our symbols, else zxing in WebAssembly.
// Both answer the raw text as a hand scanner would send it: the symbology identifier first (]E0, ]C1, ]d2 ...) and the
// separator FNC1 as the GS character. What it means is for others to say.
const OWN = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "data_matrix", "qr_code", "itf"];
const ZXING = ["EAN13", "EAN8", "UPCA", "UPCE", "Code128", "DataMatrix", "QRCode", "ITF"];
const RETAIL = { ean_13: "]E0", upc_a: "]E0", upc_e: "]E0", ean_8: "]E4" };
const GS = "\u001d";

export async function makeReader(files) {
  return (await ownReader()) ?? (await zxingReader(files));
}

async function ownReader() {
  if (!("BarcodeDetector" in globalThis)) return null;
  try {
    const known = await BarcodeDetector.getSupportedFormats();
    if (!OWN.every((format) => known.includes(format))) return null;
    const detector = new BarcodeDetector({ formats: OWN });
    return async (video) => (await detector.detect(video)).map((found) => asSent(found.format, found.rawValue));
  } catch {
    return null; // named, and not there: some builds do that
  }
}

// The browser's detector does not name the symbology; a leading separator is all that says GS1.
function asSent(format, text) {
  if (RETAIL[format]) return RETAIL[format] + text;
  if (!text.startsWith(GS)) return text;
  return ({ code_128: "]C1", data_matrix: "]d2", qr_code: "]Q3" }[format] ?? "") + text.slice(1);
}

async function zxingReader(files) {
  await loadScript(files.reader);
  const zxing = globalThis.ZXingWASM;
  await zxing.prepareZXingModule({ overrides: { locateFile: () => files.wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const options = { formats: ZXING, textMode: "Plain", tryHarder: true, tryRotate: true, tryInvert: false, maxNumberOfSymbols: 1 };
  return async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    if (!canvas.width) return [];
    context.drawImage(video, 0, 0);
    const found = await zxing.readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), options);
    return found.filter((one) => one.isValid).map((one) => one.symbologyIdentifier + one.text);
  };
}

function loadScript(address) {
  if (globalThis.ZXingWASM) return Promise.resolve();
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => failed(new Error("The reader of barcodes could not be loaded."));
    document.head.append(script);
  });
}
