export { deriveKey, open, parseMasterKey, seal, type KeyPurpose } from './seal.ts';
export { signTicket, verifyTicket, type TicketVerdict, type VideoTicket } from './ticket.ts';
export { isPublishKey, isStreamName, newPublishKey, newStreamName, publishKeyHash } from './publish-key.ts';
