// Columns of whole numbers: how they are written is told in sim/replay/packing.py.

/** The bytes of a block: base64 of deflated bytes. */
async function inflated(text) {
  const packed = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The columns of a table, each an Int32Array; `places` are [first entry, length] by name. */
function columnsOf(bytes, places) {
  const columns = {};
  for (const [name, [first, length]] of Object.entries(places)) {
    const planes = bytes.subarray(first * 4, (first + length) * 4);
    const column = new Int32Array(length);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const zigzag = planes[i] | (planes[i + length] << 8) | (planes[i + 2 * length] << 16) | (planes[i + 3 * length] << 24);
      sum = (sum + ((zigzag >>> 1) ^ -(zigzag & 1))) | 0;
      column[i] = sum;
    }
    columns[name] = column;
  }
  return columns;
}
