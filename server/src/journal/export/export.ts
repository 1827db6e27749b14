/** A journal as it stands in a folder, in a database, in a backup, or on a server: always the same books to audit. */
export { copiedBooks, tablesReadInOrder } from './copied-books.ts';
export { exportedBooks, isExport, writeExport } from './exported-books.ts';
export { remoteBooks } from './remote-books.ts';
export { hasPendingErasure, listBooks, storedBooks } from './stored-books.ts';
export { sha256 } from '../tree.ts';
