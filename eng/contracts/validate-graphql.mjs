// Validates GraphQL documents. Arguments: the schema's file. Standard input: a JSON object of documents by name.
// Standard output: a JSON object of the faults of each; what is empty is valid.
import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';

// Shopify's own schema breaks two rules about deprecated fields; that is no business of our documents.
const schema = buildSchema(readFileSync(process.argv[2], 'utf8'), { assumeValid: true });

function faultsOf(document) {
  try {
    return validate(schema, parse(document)).map((fault) => fault.message);
  } catch (unreadable) {
    return [unreadable.message];
  }
}

const documents = Object.entries(JSON.parse(readFileSync(0, 'utf8')));
process.stdout.write(JSON.stringify(Object.fromEntries(documents.map(([name, document]) => [name, faultsOf(document)]))));
