/** Behind the header of 128 bytes and the number of tags. */
const tableAt = 132;

/** As profiles of version 2 and of version 4 hold it. */
const srgbNames = [Buffer.from('sRGB IEC61966'), Buffer.from('sRGB IEC61966', 'utf16le').swap16()];

/** Whether a colour profile says what is so without it: to apply it changes no pixel and takes twice as long as to decode. */
export function isSrgbProfile(profile: Buffer): boolean {
  const name = nameOf(profile);
  return srgbNames.some((srgb) => name.includes(srgb));
}

/** The `desc` tag of an ICC profile (ICC.1:2022, 7.3: a table of signature, offset and size); empty without one. */
function nameOf(profile: Buffer): Buffer {
  for (let entry = tableAt; entry + 12 <= profile.length; entry += 12) {
    if (profile.toString('latin1', entry, entry + 4) !== 'desc') continue;
    const start = profile.readUInt32BE(entry + 4);
    return profile.subarray(start, start + profile.readUInt32BE(entry + 8));
  }
  return Buffer.alloc(0);
}
