export { decodeJpeg } from './decodeJpeg';
