process.parentPort.on('message', ({ data }) => {
  process.parentPort.postMessage({ heard: data, args: process.argv.slice(2) })
})
