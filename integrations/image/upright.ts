import { PhotonImage } from '@silvia-odwyer/photon-node';

/**
 * Turns the pixels as the camera was held, because a resized image no longer says so. The number is that of EXIF: 5 to 8
 * swap width and height.
 */
export function upright(image: PhotonImage, orientation: number): PhotonImage {
  if (orientation < 2 || orientation > 8) return image;
  const [width, height] = [image.get_width(), image.get_height()];
  const swapped = orientation >= 5;
  const [newWidth, newHeight] = swapped ? [height, width] : [width, height];
  const from = new Uint32Array(image.get_raw_pixels().slice().buffer);
  const to = new Uint32Array(from.length);
  for (let y = 0; y < newHeight; y += 1) {
    for (let x = 0; x < newWidth; x += 1) {
      const [oldX, oldY] = place(orientation, x, y, width, height);
      to[y * newWidth + x] = from[oldY * width + oldX]!;
    }
  }
  return new PhotonImage(new Uint8Array(to.buffer), newWidth, newHeight);
}

/** Where a pixel of the upright image stands in the stored one. */
function place(orientation: number, x: number, y: number, width: number, height: number): [number, number] {
  switch (orientation) {
    case 2:
      return [width - 1 - x, y];
    case 3:
      return [width - 1 - x, height - 1 - y];
    case 4:
      return [x, height - 1 - y];
    case 5:
      return [y, x];
    case 6:
      return [y, height - 1 - x];
    case 7:
      return [width - 1 - y, height - 1 - x];
    default:
      return [width - 1 - y, x];
  }
}
