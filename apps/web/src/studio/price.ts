/** Whole rupiah of what somebody wrote: "50.000", "Rp 50 000". Undefined of anything else. */
export function readRupiah(text: string): number | undefined {
  const digits = text.replace(/^\s*rp\.?/i, '').replace(/[\s.,]/g, '');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
