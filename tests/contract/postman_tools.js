// Reads files with the libraries of the programs that they are for, and prints what these make of them as one JSON list.
//   node postman_tools.js collection FILE...   Postman's SDK
//   node postman_tools.js bru FILE...          Bruno's parser
// COGWIZARD_NODE_TOOLS: the folder that holds node_modules.
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const tools = createRequire(path.join(process.env.COGWIZARD_NODE_TOOLS, "index.js"));
const [kind, ...files] = process.argv.slice(2);

function readCollection(text) {
  const { Collection } = tools("postman-collection");
  const collection = new Collection(JSON.parse(text));
  const requests = [];
  collection.forEachItem((item) => {
    const auth = item.getAuth();
    requests.push({
      name: item.name,
      method: item.request.method,
      url: item.request.url.toString(),
      variables: item.request.url.variables.toObject(),
      headers: item.request.headers.map((header) => [header.key, header.value]),
      body: item.request.body ? item.request.body.toString() : null,
      auth: auth ? [auth.type, auth.parameters().toObject()] : null,
      scripts: item.events.map((event) => [event.listen, event.script.exec]),
    });
  });
  return { name: collection.name, description: collection.description.content, requests };
}

function readBru(text) {
  return tools("@usebruno/lang").bruToJsonV2(text);
}

const read = { collection: readCollection, bru: readBru }[kind];
process.stdout.write(JSON.stringify(files.map((file) => read(fs.readFileSync(file, "utf8")))));
