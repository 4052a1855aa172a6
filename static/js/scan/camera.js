// The camera of the device, when it has one and its owner agrees.
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

// Why there is no picture, in words for the person who holds the phone.
export function whyNot(error) {
  if (error.name === "NotAllowedError") return "The camera is switched off for this page. Type the code, or allow the camera in the browser.";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "This device has no camera. Type the code, or use a hand scanner.";
  if (error.name === "NotReadableError") return "Another app holds the camera. Close it, or type the code.";
  return "The camera cannot be used here. Type the code, or use a hand scanner.";
}

export async function openCamera(video) {
  const wish = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
  video.srcObject = stream;
  await video.play();
  const [track] = stream.getVideoTracks();
  return {
    hasTorch: Boolean(track.getCapabilities?.().torch),
    light: (on) => track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => undefined),
    close: () => {
      for (const each of stream.getTracks()) each.stop();
      video.srcObject = null;
    },
  };
}
