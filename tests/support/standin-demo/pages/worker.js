// Keeps notes in IndexedDB, each in a strict transaction, and counts the pages that ever connected.
let pages = 0

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open('notes', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('notes', { autoIncrement: true })
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

async function add(note) {
  const transaction = (await opened).transaction('notes', 'readwrite', { durability: 'strict' })
  transaction.objectStore('notes').add(note)
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve('kept')
    transaction.onerror = () => reject(transaction.error)
  })
}

async function all() {
  const request = (await opened).transaction('notes').objectStore('notes').getAll()
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result)
  })
}

const answers = {
  add: ({ note }) => add(note),
  all: () => all(),
  pages: () => pages,
  fetch: ({ url }) =>
    fetch(url, { method: 'POST', body: 'from the worker' }).then((response) => response.json()),
}

globalThis.onconnect = ({ ports: [port] }) => {
  pages += 1
  port.onmessage = async ({ data }) => port.postMessage(await answers[data.kind](data))
}
