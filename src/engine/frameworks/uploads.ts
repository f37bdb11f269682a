import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

/** A reader of multipart bodies; `limit` is the path to the largest file it takes, `default` what holds without it. */
const upload =
  (library: string, position = 0, limit = 'limits.fileSize', standard = 'any size'): OperationReader =>
  call => ({
    kind: 'upload-setup',
    args: { options: call.arg(position) },
    is: { library, limit, default: standard, position },
  });

/** Files that come with an operation of GraphQL; `files` is the option that says how many. */
const inOperations: OperationReader = call => ({
  kind: 'upload-setup',
  args: { options: call.arg(0) },
  is: { library: 'graphql-upload', limit: 'maxFileSize', default: 'any size', position: 0, files: 'maxFiles' },
});

const nest = upload('FileInterceptor', 1);

/** Readers of uploads and what they take where nothing is said; from their own code (multer 2.0, busboy 1.6, formidable 3.5). */
export const uploads = defineAdapter({
  id: 'uploads',
  title: 'Readers of uploads',
  docs: 'https://github.com/expressjs/multer#limits',
  packages: [
    'multer',
    '@koa/multer',
    'express-fileupload',
    'formidable',
    'busboy',
    '@fastify/busboy',
    'graphql-upload',
  ],
  operations: {
    multer: upload('multer'),
    '@koa/multer': upload('@koa/multer'),
    'express-fileupload': upload('express-fileupload'),
    formidable: upload('formidable', 0, 'maxFileSize', '200 MB'),
    'formidable.formidable': upload('formidable', 0, 'maxFileSize', '200 MB'),
    'formidable.IncomingForm': upload('formidable', 0, 'maxFileSize', '200 MB'),
    busboy: upload('busboy'),
    '@fastify/busboy': upload('@fastify/busboy'),
    'graphql-upload.graphqlUploadExpress': inOperations,
    'graphql-upload/graphqlUploadExpress.js': inOperations,
    'graphql-upload/graphqlUploadExpress.mjs': inOperations,
    'graphql-upload-minimal.graphqlUploadExpress': inOperations,
    '@nestjs/platform-express.FileInterceptor': nest,
    '@nestjs/platform-express.FilesInterceptor': upload('FilesInterceptor', 2),
    '@nestjs/platform-express.AnyFilesInterceptor': upload('AnyFilesInterceptor', 0),
    '@nestjs/platform-express.FileFieldsInterceptor': upload('FileFieldsInterceptor', 1),
    '@nestjs/platform-express.MulterModule.register': upload('MulterModule', 0),
    '@nestjs/platform-express.MulterModule.registerAsync': upload('MulterModule', 0),
  },
});
