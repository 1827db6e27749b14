import type { Access } from '../access/access.ts';
import type { Http } from '../platform/http.ts';
import * as contract from './contract.ts';
import type { Registry } from './registry.ts';

const security = [{ bearer: [] }];
const tags = ['registry'];
const batchBytesMax = 8 * 1024 * 1024;

export function registryRoutes(http: Http, registry: Registry, access: Access): void {
  listingRoutes(http, registry, access);
  sharingRoutes(http, registry, access);
  identifierRoutes(http, registry, access);
  importRoutes(http, registry, access);
}

function listingRoutes(http: Http, registry: Registry, access: Access): void {
  const outcome = { 200: contract.ListingOutcome };
  http.post(
    '/v1/registry/listings',
    {
      schema: {
        summary: 'List an identifier, or propose to',
        tags,
        security,
        body: contract.NewListing,
        response: { 201: contract.ListingOutcome },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await registry.list(await access.authenticate(request), request.body)),
  );
  http.get(
    '/v1/registry/listings',
    {
      schema: {
        summary: 'Search listings',
        tags,
        security,
        querystring: contract.ListingQuery,
        response: { 200: contract.ListingPage },
      },
    },
    async (request) => registry.search(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/registry/listings/:id',
    {
      schema: {
        summary: 'One listing',
        tags,
        security,
        params: contract.IdParams,
        querystring: contract.MemberQuery,
        response: { 200: contract.Listing },
      },
    },
    async (request) => registry.get(await access.authenticate(request), request.params.id, request.query.member),
  );
  http.patch(
    '/v1/registry/listings/:id',
    {
      schema: {
        summary: 'Raise or lower the tier, or change the claim',
        tags,
        security,
        params: contract.IdParams,
        body: contract.Revision,
        response: outcome,
      },
    },
    async (request) => registry.revise(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/registry/listings/:id/corroboration',
    {
      schema: {
        summary: 'Claim the same as another listing',
        tags,
        security,
        params: contract.IdParams,
        querystring: contract.MemberQuery,
        body: contract.Corroboration,
        response: outcome,
      },
    },
    async (request) => {
      const actor = await access.authenticate(request);
      return registry.corroborate(actor, request.params.id, request.body, request.query.member);
    },
  );
  http.post(
    '/v1/registry/listings/:id/withdrawal',
    {
      schema: {
        summary: 'Withdraw a listing',
        tags,
        security,
        params: contract.IdParams,
        body: contract.Withdrawal,
        response: { 200: contract.Listing },
      },
    },
    async (request) => registry.withdraw(await access.authenticate(request), request.params.id, request.body),
  );
}

function sharingRoutes(http: Http, registry: Registry, access: Access): void {
  http.post(
    '/v1/registry/listings/:id/audience',
    {
      schema: {
        summary: 'Say a listing to more readers, or take it back from some',
        tags,
        security,
        params: contract.IdParams,
        body: contract.AudienceChange,
        response: { 200: contract.ListingOutcome },
      },
    },
    async (request) => registry.changeAudience(await access.authenticate(request), request.params.id, request.body),
  );
  http.get(
    '/v1/registry/exports',
    {
      schema: {
        summary: 'What waits for approval to leave the country, and what became of it',
        tags,
        security,
        querystring: contract.ExportQuery,
        response: { 200: contract.ExportPage },
      },
    },
    async (request) => registry.exports(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/registry/digest',
    {
      schema: {
        summary: 'One number over all listings of a book, to compare two servers by',
        tags,
        security,
        querystring: contract.DigestQuery,
        response: { 200: contract.Digest },
      },
    },
    async (request) => registry.digestFor(await access.authenticate(request), request.query),
  );
}

function identifierRoutes(http: Http, registry: Registry, access: Access): void {
  http.get(
    '/v1/registry/identifiers/:key',
    {
      schema: {
        summary: 'What all members say about an identifier',
        tags,
        security,
        params: contract.KeyParams,
        response: { 200: contract.MergedView },
      },
    },
    async (request) => registry.merged(await access.authenticate(request), request.params.key),
  );
  http.get(
    '/v1/registry/identifiers/:key/history',
    {
      schema: {
        summary: 'Everything that was said about an identifier',
        tags,
        security,
        params: contract.KeyParams,
        response: { 200: contract.History },
      },
    },
    async (request) => registry.history(await access.authenticate(request), request.params.key),
  );
}

function importRoutes(http: Http, registry: Registry, access: Access): void {
  const { imports } = registry;
  http.post(
    '/v1/registry/imports',
    {
      schema: {
        summary: 'Open an import, or go on with one',
        tags,
        security,
        body: contract.ImportTerms,
        response: { 201: contract.ImportOutcome },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await imports.start(await access.authenticate(request), request.body)),
  );
  http.get(
    '/v1/registry/imports',
    {
      schema: {
        summary: 'Imports, newest first',
        tags,
        security,
        querystring: contract.ImportQuery,
        response: { 200: contract.ImportPage },
      },
    },
    async (request) => imports.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/registry/imports/:id',
    {
      schema: {
        summary: 'One import',
        tags,
        security,
        params: contract.IdParams,
        response: { 200: contract.ImportReport },
      },
    },
    async (request) => imports.get(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/registry/imports/:id/batches',
    {
      bodyLimit: batchBytesMax,
      schema: {
        summary: 'Take one batch of items',
        tags,
        security,
        params: contract.IdParams,
        body: contract.ImportBatch,
        response: { 200: contract.BatchReport },
      },
    },
    async (request) => imports.take(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/registry/imports/:id/rewind',
    {
      schema: {
        summary: 'Begin an open import anew',
        tags,
        security,
        params: contract.IdParams,
        response: { 200: contract.ImportReport },
      },
    },
    async (request) => imports.rewind(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/registry/imports/:id/finish',
    {
      schema: {
        summary: 'Finish an import',
        tags,
        security,
        params: contract.IdParams,
        response: { 200: contract.ImportReport },
      },
    },
    async (request) => imports.finish(await access.authenticate(request), request.params.id),
  );
}
