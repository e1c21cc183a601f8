import { crc32, deflateSync } from 'node:zlib';

const pngSignatureBytes = 8;
const pngHeaderBytes = 25;

/** The bytes of a JPEG with a colour profile right behind its first marker, which has to fit into one segment. */
export function embedIntoJpeg(bytes: Buffer, profile: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]);
  const head = Buffer.from([0xff, 0xe2, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), head, body, bytes.subarray(2)]);
}

/** The bytes of a PNG without a colour profile, with one behind its header. */
export function embedIntoPng(bytes: Buffer, profile: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('iCCPcamera\0\0', 'latin1'), deflateSync(profile)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  const at = pngSignatureBytes + pngHeaderBytes;
  return Buffer.concat([bytes.subarray(0, at), length, body, checksum, bytes.subarray(at)]);
}
