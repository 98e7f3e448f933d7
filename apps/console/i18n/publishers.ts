/** Words of the cameras that send by themselves: body cameras, phones, drones. */
export const publishersEs = {
  'cameras.tab.publishers': 'Transmisoras',

  'publishers.title': 'Cámaras que transmiten',
  'publishers.text':
    'Cámaras corporales, teléfonos y drones que envían su video por RTMP. Cada uno tiene su propia dirección y su propia clave.',
  'publishers.none': 'Aún no hay cámaras que transmitan',
  'publishers.none.text': 'Registre una: recibirá la dirección y la clave que se escriben en el equipo.',
  'publishers.new': 'Registrar cámara',
  'publishers.closed':
    'El servidor de video no recibe transmisiones ahora: su puerto RTMP está apagado u ocupado (ATALAYA_RTMP_PORT).',
  'publishers.kind': 'Tipo',
  'publishers.holder': 'Portador o unidad',
  'publishers.holder.hint': 'Opcional. Por ejemplo: Sereno Quispe, Móvil 4.',
  'publishers.code.hint': 'Vacío: el siguiente libre.',
  'publishers.address': 'Dirección',
  'publishers.see': 'Ver cámara',
  'publishers.keySince': 'Clave dada el {date}',
  'publishers.keyGone': 'Clave revocada el {date}',

  'remove.effect.key': 'Su clave se revoca y su transmisión se corta.',
  'remove.effect.history':
    'El registro de auditoría se conserva. Para volver a usar el equipo hay que registrarlo de nuevo.',

  'publisherKind.body-camera': 'Cámara corporal',
  'publisherKind.phone': 'Teléfono',
  'publisherKind.drone': 'Dron',
  'publisherKind.other': 'Otro equipo',

  'publisherKey.new': 'Clave nueva',
  'publisherKey.new.effect': 'La clave anterior deja de servir y la transmisión en curso se corta.',
  'publisherKey.new.next': 'Habrá que escribir la clave nueva en el equipo.',
  'publisherKey.give': 'Dar clave',
  'publisherKey.revoke': 'Revocar',
  'publisherKey.revoke.title': 'Revocar la clave',
  'publisherKey.revoke.effect': 'La transmisión en curso se corta en segundos y el equipo ya no puede transmitir.',
  'publisherKey.revoke.next': 'La cámara y su historia se conservan; puede darle otra clave cuando quiera.',
  'publisherKey.title': 'Datos para el equipo',
  'publisherKey.once': 'La clave se muestra solo ahora. Escríbala en el equipo o guárdela antes de cerrar.',
  'publisherKey.server': 'Servidor (URL)',
  'publisherKey.stream': 'Clave de transmisión (stream key)',
  'publisherKey.full': 'Todo en una sola dirección',
  'publisherKey.full.hint': 'Para los equipos que piden un solo campo.',
  'publisherKey.codec': 'Video H.264, un cuadro clave cada 1 o 2 segundos. El audio no se usa.',
  'publisherKey.copy': 'Copiar',
  'publisherKey.copied': 'Copiado',
} as const;

export const publishersEn: Readonly<Record<keyof typeof publishersEs, string>> = {
  'cameras.tab.publishers': 'Publishers',

  'publishers.title': 'Cameras that send by themselves',
  'publishers.text':
    'Body cameras, phones and drones that send their video over RTMP. Each has its own address and its own key.',
  'publishers.none': 'No camera sends by itself yet',
  'publishers.none.text': 'Register one: you get the address and the key that are written into the device.',
  'publishers.new': 'Register camera',
  'publishers.closed': 'The video server takes no publishers now: its RTMP port is off or in use (ATALAYA_RTMP_PORT).',
  'publishers.kind': 'Kind',
  'publishers.holder': 'Holder or unit',
  'publishers.holder.hint': 'Optional. For example: Officer Quispe, Car 4.',
  'publishers.code.hint': 'Empty: the next free one.',
  'publishers.address': 'Address',
  'publishers.see': 'See the camera',
  'publishers.keySince': 'Key given on {date}',
  'publishers.keyGone': 'Key revoked on {date}',

  'remove.effect.key': 'Its key is revoked, and what it sends is cut off.',
  'remove.effect.history': 'The audit is kept. To use the device again it has to be registered anew.',

  'publisherKind.body-camera': 'Body camera',
  'publisherKind.phone': 'Phone',
  'publisherKind.drone': 'Drone',
  'publisherKind.other': 'Other device',

  'publisherKey.new': 'New key',
  'publisherKey.new.effect': 'The key before stops working, and what is being sent is cut off.',
  'publisherKey.new.next': 'The new key has to be written into the device.',
  'publisherKey.give': 'Give a key',
  'publisherKey.revoke': 'Revoke',
  'publisherKey.revoke.title': 'Revoke the key',
  'publisherKey.revoke.effect': 'What is being sent is cut off within seconds, and the device can send no more.',
  'publisherKey.revoke.next': 'The camera and its history stay; you can give it another key at any time.',
  'publisherKey.title': 'What the device needs',
  'publisherKey.once': 'The key is shown only now. Write it into the device, or keep it, before you close this.',
  'publisherKey.server': 'Server (URL)',
  'publisherKey.stream': 'Stream key',
  'publisherKey.full': 'All in one address',
  'publisherKey.full.hint': 'For devices that ask for a single field.',
  'publisherKey.codec': 'H.264 video with a key frame every 1 or 2 seconds. Audio is not used.',
  'publisherKey.copy': 'Copy',
  'publisherKey.copied': 'Copied',
};
