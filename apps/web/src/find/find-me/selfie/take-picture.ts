const jpegQuality = 0.92;

/** The picture of now as the camera sees it: the mirror is on the screen alone. */
export async function takePicture(video: HTMLVideoElement): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), {
    width: video.videoWidth,
    height: video.videoHeight,
  });
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', jpegQuality));
  if (blob === null) throw new Error('the browser made no picture of the camera');
  return blob;
}
