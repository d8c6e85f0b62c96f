// Reads labels with the phone's camera where the browser can; without it the box above works, and so does the camera app.
const form = document.querySelector("[data-scan]");
const open = form?.querySelector("[data-scan-open]");
const video = form?.querySelector("[data-scan-video]");
const pattern = /\/assets\/a\/([2-9A-Za-z]{8})\/?$/;

async function scan() {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  addEventListener("pagehide", stop, { once: true });
  video.srcObject = stream;
  video.hidden = false;
  open.hidden = true;
  await video.play();
  const look = async () => {
    if (!stream.active) return;
    for (const found of await detector.detect(video).catch(() => [])) {
      const read = pattern.exec(found.rawValue);
      if (read) {
        stop();
        location.assign(form.dataset.scan.replace("AAAAAAAA", read[1].toUpperCase()));
        return;
      }
    }
    setTimeout(look, 180);
  };
  look();
}

if (open && "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  open.hidden = false;
  open.addEventListener("click", () => scan().catch(() => { open.hidden = false; video.hidden = true; }));
}
