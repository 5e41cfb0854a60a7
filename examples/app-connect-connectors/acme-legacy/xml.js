'use strict'

const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const plain = text => text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) =>
  name ? entities[name] ?? whole : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)))

/** The root of a document as `{ name, attributes, children, text }`. Throws when it does not end as it began. */
function parse(bytes) {
  const [, encoding = 'utf-8'] = /^<\?xml[^>]*encoding="([\w-]+)"/.exec(bytes.subarray(0, 100).toString('latin1')) ?? []
  const source = new TextDecoder(encoding).decode(bytes)
  const root = { children: [], text: '' }
  const open = [root]
  for (const [, closing, name, attributes, empty, text] of source.matchAll(/<(\/)?([a-z]\w*)((?:\s+[\w-]+="[^"]*")*)\s*(\/)?>|([^<]+)/gi)) {
    const parent = open.at(-1)
    if (text !== undefined) parent.text += plain(text)
    else if (closing) {
      if (open.pop().name !== name) throw new Error('the document does not end as it began')
    } else {
      const element = { name, children: [], text: '', attributes: Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, plain(value)])) }
      parent.children.push(element)
      if (!empty) open.push(element)
    }
  }
  if (open.length !== 1 || root.children.length !== 1 || !source.startsWith('<?xml')) throw new Error('the document is not whole')
  return root.children[0]
}

const childText = (element, name) => element.children.find(child => child.name === name)?.text

module.exports = { parse, childText }
