import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Incidents, units and the catalogue of types. Rows of incidents and units hold what queries filter by in columns and the
 * whole state in `state`; they follow from the ledger, so nothing references them and they reference nothing.
 */
export class Incidents1795479000000 implements MigrationInterface {
  name = 'Incidents1795479000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE incident (
        id uuid PRIMARY KEY,
        code text NOT NULL,
        status text NOT NULL,
        live boolean NOT NULL,
        masked boolean NOT NULL,
        priority text,
        type_code text,
        channel text NOT NULL,
        camera_id uuid,
        sector_id uuid,
        latitude_deg double precision,
        longitude_deg double precision,
        call_at timestamptz NOT NULL,
        opened_at timestamptz NOT NULL,
        opened_by text NOT NULL,
        updated_at timestamptz NOT NULL,
        revision bigint NOT NULL,
        state jsonb NOT NULL
      );
      CREATE UNIQUE INDEX incident_code_unique ON incident (code);
      CREATE INDEX incident_live ON incident (call_at) WHERE live;
      CREATE INDEX incident_call_at ON incident (call_at, id);
      CREATE TABLE unit (
        id uuid PRIMARY KEY,
        call_sign text NOT NULL,
        kind text NOT NULL,
        status text NOT NULL,
        on_duty boolean NOT NULL,
        in_emergency boolean NOT NULL,
        attends_incident_id uuid,
        sector_id uuid,
        retired_at timestamptz,
        updated_at timestamptz NOT NULL,
        revision bigint NOT NULL,
        state jsonb NOT NULL
      );
      CREATE UNIQUE INDEX unit_call_sign ON unit (lower(call_sign)) WHERE retired_at IS NULL;
      CREATE TABLE incident_call (
        incident_id uuid NOT NULL,
        call_id uuid NOT NULL,
        phone text,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (incident_id, call_id)
      );
      CREATE INDEX incident_call_phone ON incident_call (phone, received_at);
      CREATE TABLE incident_code (
        year integer PRIMARY KEY,
        last integer NOT NULL
      );
      CREATE TABLE incident_unmask (
        incident_id uuid NOT NULL,
        account_id text NOT NULL,
        until_at timestamptz NOT NULL,
        PRIMARY KEY (incident_id, account_id)
      );
      CREATE INDEX incident_unmask_until ON incident_unmask (until_at);
      CREATE TABLE incident_type (
        code text PRIMARY KEY,
        position integer NOT NULL,
        group_code text NOT NULL,
        name text NOT NULL,
        priority text NOT NULL,
        agencies jsonb NOT NULL,
        every_agency boolean NOT NULL,
        unit_kinds jsonb NOT NULL,
        every_unit boolean NOT NULL,
        skills jsonb NOT NULL,
        instructions jsonb NOT NULL,
        masked boolean NOT NULL,
        video boolean NOT NULL,
        edan boolean NOT NULL,
        enabled boolean NOT NULL,
        words jsonb NOT NULL,
        protocol text NOT NULL DEFAULT '',
        updated_at timestamptz NOT NULL
      );
      CREATE FUNCTION refuse_type_removal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'types are switched off, not removed: old incidents name them' USING ERRCODE = 'insufficient_privilege';
        END $$;
      CREATE TRIGGER incident_type_kept BEFORE DELETE OR TRUNCATE ON incident_type
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_type_removal();
    `);
    await runner.query(
      `INSERT INTO incident_type (code, position, group_code, name, priority, agencies, every_agency, unit_kinds, every_unit, skills,
         instructions, masked, video, edan, enabled, words, updated_at)
       SELECT t->>'code', place, t->>'group', t->>'name', t->>'priority', t->'agencies', (t->>'everyAgency')::boolean, t->'unitKinds',
         (t->>'everyUnit')::boolean, t->'skills', t->'instructions', (t->>'masked')::boolean, (t->>'video')::boolean,
         (t->>'edan')::boolean, (t->>'enabled')::boolean, t->'words', now()
       FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS seed (t, place)`,
      [`[${TYPES.trim().split('\n').join(',')}]`],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE incident_type;
      DROP FUNCTION refuse_type_removal;
      DROP TABLE incident_unmask;
      DROP TABLE incident_code;
      DROP TABLE incident_call;
      DROP TABLE unit;
      DROP TABLE incident;
    `);
  }
}

/** `seedTypes()` of libs/dispatch as it was on this day, one row a line. From here on the table is the catalogue. */
const TYPES = `
{"code":"PAT-01","group":"PAT","name":"Hurto (persona / celular)","priority":"P2","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOT","PIE","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["carterista","arrebato","celular robado","cogotero"]}
{"code":"PAT-02","group":"PAT","name":"Robo / asalto con violencia","priority":"P1","agencies":["PNP","DEP"],"everyAgency":false,"unitKinds":["MOV","MOT","PI","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["atraco","cogoteo","asaltante","raqueteros"]}
{"code":"PAT-03","group":"PAT","name":"Robo con arma de fuego","priority":"P1","agencies":["PNP","DEP","SAMU"],"everyAgency":false,"unitKinds":["PI","MOV","CAM"],"everyUnit":false,"skills":[],"instructions":["no-foot-alone"],"masked":false,"video":true,"edan":false,"enabled":true,"words":["asalto armado","pistola","mano armada","revolver"]}
{"code":"PAT-04","group":"PAT","name":"Robo o hurto a vivienda","priority":"P2","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOV","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["casa","escalamiento","monrrero","domicilio"]}
{"code":"PAT-05","group":"PAT","name":"Robo o hurto a negocio","priority":"P1","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOV","PI","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["tienda","bodega","comercio","grifo","farmacia"]}
{"code":"PAT-06","group":"PAT","name":"Robo de vehículo / moto","priority":"P2","agencies":["PNP","DEP"],"everyAgency":false,"unitKinds":["MOV","MOT","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["carro robado","auto","motocicleta","mototaxi"]}
{"code":"PAT-07","group":"PAT","name":"Robo de autopartes","priority":"P2","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOT","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["llantas","espejos","bateria","faros"]}
{"code":"PAT-08","group":"PAT","name":"Estafa / engaño en vía pública","priority":"P3","agencies":["PNP"],"everyAgency":false,"unitKinds":["PIE"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["cuento","cambiazo","pepera","timo"]}
{"code":"PAT-09","group":"PAT","name":"Extorsión / amenaza a negocio","priority":"P1","agencies":["PNP","DEP","MP"],"everyAgency":false,"unitKinds":["PI"],"everyUnit":false,"skills":[],"instructions":["discreet"],"masked":true,"video":true,"edan":false,"enabled":true,"words":["cupo","chantaje","prestamo gota a gota","extorsionador"]}
{"code":"PAT-10","group":"PAT","name":"Daños a la propiedad / vandalismo","priority":"P3","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOT","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["pintas","grafiti","lunas rotas","pedradas"]}
{"code":"PAT-11","group":"PAT","name":"Robo de cable / mobiliario público","priority":"P2","agencies":["PNP","ELE"],"everyAgency":false,"unitKinds":["MOV","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["cobre","tapas de buzon","medidor"]}
{"code":"PAT-12","group":"PAT","name":"Vehículo / bien recuperado o hallado","priority":"P4","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["encontrado","hallazgo"]}
{"code":"VID-01","group":"VID","name":"Agresión física / lesiones","priority":"P1","agencies":["PNP","SAMU"],"everyAgency":false,"unitKinds":["MOV","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["golpes","golpiza","le pegan","herido"]}
{"code":"VID-02","group":"VID","name":"Herido por arma (fuego/blanca)","priority":"P1","agencies":["PNP","SAMU","MP"],"everyAgency":false,"unitKinds":["PI","MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["baleado","apunalado","cuchillo","balazo","sicariato"]}
{"code":"VID-03","group":"VID","name":"Persona fallecida / hallazgo de cadáver","priority":"P1","agencies":["PNP","MP"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":["cordon"],"masked":true,"video":false,"edan":false,"enabled":true,"words":["muerto","occiso","cuerpo"]}
{"code":"VID-04","group":"VID","name":"Secuestro / privación de libertad","priority":"P1","agencies":["PNP","DEP","MP"],"everyAgency":false,"unitKinds":["PI"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":true,"edan":false,"enabled":true,"words":["rapto","levantado","retenido"]}
{"code":"VID-05","group":"VID","name":"Acoso sexual en espacio público","priority":"P2","agencies":["PNP-F","CEM"],"everyAgency":false,"unitKinds":["MOV","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":true,"edan":false,"enabled":true,"words":["acosador","hostigamiento"]}
{"code":"VID-06","group":"VID","name":"Tentativa de violación / tocamientos","priority":"P1","agencies":["PNP-F","MP","CEM"],"everyAgency":false,"unitKinds":["PI","MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":true,"edan":false,"enabled":true,"words":["abuso sexual","ultraje","violador"]}
{"code":"VID-07","group":"VID","name":"Intento de suicidio","priority":"P1","agencies":["PNP","SAMU","BOM"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":false,"edan":false,"enabled":true,"words":["quiere matarse","lanzarse","puente"]}
{"code":"VID-08","group":"VID","name":"Presunta trata / explotación","priority":"P2","agencies":["PNP","MP","CEM"],"everyAgency":false,"unitKinds":[],"everyUnit":false,"skills":[],"instructions":["discreet"],"masked":true,"video":false,"edan":false,"enabled":true,"words":["trata de personas","prostitucion forzada"]}
{"code":"VIF-01","group":"VIF","name":"Violencia familiar / contra la mujer","priority":"P1","agencies":["PNP-F","CEM"],"everyAgency":false,"unitKinds":["PI","MOV"],"everyUnit":false,"skills":[],"instructions":["tell-line-100"],"masked":true,"video":false,"edan":false,"enabled":true,"words":["pareja","esposo","conviviente","maltrato","domestica"]}
{"code":"VIF-02","group":"VIF","name":"Incumplimiento de medida de protección","priority":"P1","agencies":["PNP-F","MP"],"everyAgency":false,"unitKinds":["PI"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":false,"edan":false,"enabled":true,"words":["medidas","orden de alejamiento"]}
{"code":"VIF-03","group":"VIF","name":"Niña/niño/adolescente en riesgo o abandono","priority":"P1","agencies":["PNP-F","DEM"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":false,"edan":false,"enabled":true,"words":["menor","bebe","nna","nino solo"]}
{"code":"VIF-04","group":"VIF","name":"Persona desaparecida / extraviada (NNA, adulto mayor)","priority":"P1","agencies":["PNP","JV"],"everyAgency":false,"unitKinds":["CAM"],"everyUnit":true,"skills":[],"instructions":[],"masked":true,"video":true,"edan":false,"enabled":true,"words":["perdido","no aparece","menor perdido"]}
{"code":"VIF-05","group":"VIF","name":"Adulto mayor / persona en abandono","priority":"P3","agencies":["SAL","CEM"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":false,"edan":false,"enabled":true,"words":["anciano","indigente","orate"]}
{"code":"ORD-01","group":"ORD","name":"Gresca / pelea callejera","priority":"P1","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOV","PI","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["pelea","rina","trifulca","bronca","se pelean","pelean"]}
{"code":"ORD-02","group":"ORD","name":"Consumo de alcohol en vía pública (libando)","priority":"P3","agencies":[],"everyAgency":false,"unitKinds":["MOT","PIE"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["borrachos","licor","bebiendo","tomando","cerveza"]}
{"code":"ORD-03","group":"ORD","name":"Ruidos molestos","priority":"P3","agencies":["FIS"],"everyAgency":false,"unitKinds":["MOT","FISC"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["bulla","musica alta","fiesta","parlante"]}
{"code":"ORD-04","group":"ORD","name":"Persona o vehículo sospechoso","priority":"P2","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOT","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["merodeando","reglaje","actitud sospechosa"]}
{"code":"ORD-05","group":"ORD","name":"Pandillaje / grupo violento","priority":"P1","agencies":["PNP"],"everyAgency":false,"unitKinds":["PI","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["pandilla","barra brava","pandilleros"]}
{"code":"ORD-06","group":"ORD","name":"Disparos escuchados","priority":"P1","agencies":["PNP"],"everyAgency":false,"unitKinds":["PI","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["balacera","balazos","tiros","detonacion"]}
{"code":"ORD-07","group":"ORD","name":"Manifestación / bloqueo de vía","priority":"P2","agencies":["PNP","MP-P","SUB"],"everyAgency":false,"unitKinds":["CAM","MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["marcha","protesta","paro","huelga","plantón"]}
{"code":"ORD-08","group":"ORD","name":"Actos contra el pudor / exhibicionismo","priority":"P3","agencies":["PNP"],"everyAgency":false,"unitKinds":["PIE"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":false,"edan":false,"enabled":true,"words":["desnudo","orinando"]}
{"code":"ORD-09","group":"ORD","name":"Amenazas / discusión vecinal","priority":"P3","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOT"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["vecinos","insultos","conflicto"]}
{"code":"DRO-01","group":"DRO","name":"Consumo de drogas en vía pública","priority":"P3","agencies":["PNP"],"everyAgency":false,"unitKinds":["MOT","K9"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["fumones","marihuana","terokal"]}
{"code":"DRO-02","group":"DRO","name":"Microcomercialización de drogas","priority":"P2","agencies":["PNP","DEP"],"everyAgency":false,"unitKinds":["PI","CAM"],"everyUnit":false,"skills":[],"instructions":["no-open-radio"],"masked":false,"video":true,"edan":false,"enabled":true,"words":["venta de droga","pbc","pasta","paquetero"]}
{"code":"DRO-03","group":"DRO","name":"Persona con arma","priority":"P1","agencies":["PNP"],"everyAgency":false,"unitKinds":["PI"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["armado","pistola","cuchillo","machete"]}
{"code":"DRO-04","group":"DRO","name":"Explosivo / artefacto / pirotécnico ilegal","priority":"P1","agencies":["PNP","BOM","MP"],"everyAgency":false,"unitKinds":[],"everyUnit":false,"skills":[],"instructions":["cordon"],"masked":false,"video":false,"edan":false,"enabled":true,"words":["bomba","granada","dinamita","paquete"]}
{"code":"TRA-01","group":"TRA","name":"Accidente con heridos / atropello","priority":"P1","agencies":["PNP-T","SAMU","BOM"],"everyAgency":false,"unitKinds":["MOV","MOT","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["choque con heridos","volcadura","despiste","atropellado"]}
{"code":"TRA-02","group":"TRA","name":"Choque sin heridos","priority":"P3","agencies":["PNP-T"],"everyAgency":false,"unitKinds":["MOT","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["colision","accidente leve"]}
{"code":"TRA-03","group":"TRA","name":"Conductor ebrio / temerario / fuga","priority":"P2","agencies":["PNP-T"],"everyAgency":false,"unitKinds":["PI","CAM"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":false,"enabled":true,"words":["borracho","piques","se dio a la fuga"]}
{"code":"TRA-04","group":"TRA","name":"Vehículo mal estacionado / abandonado / paradero informal","priority":"P4","agencies":["TRA"],"everyAgency":false,"unitKinds":["MOT"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["cochera","garaje","estacionado"]}
{"code":"TRA-05","group":"TRA","name":"Vía obstruida / semáforo","priority":"P3","agencies":["TRA","PNP-T"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["transito","congestion","semaforo malogrado"]}
{"code":"FIS-01","group":"FIS","name":"Local clandestino / a puerta cerrada","priority":"P3","agencies":["FIS","PNP","MP-P","GRD","SUB"],"everyAgency":false,"unitKinds":["FISC","PI"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["discoteca","bar","cantina","night club"]}
{"code":"FIS-02","group":"FIS","name":"Local excede giro, horario o aforo","priority":"P3","agencies":["FIS","GRD"],"everyAgency":false,"unitKinds":["FISC"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["discoteca","bar","licencia"]}
{"code":"FIS-03","group":"FIS","name":"Venta de alcohol a menores","priority":"P2","agencies":["FIS","PNP","MP-P"],"everyAgency":false,"unitKinds":["FISC","PI"],"everyUnit":false,"skills":[],"instructions":[],"masked":true,"video":false,"edan":false,"enabled":true,"words":["licor a menores","adolescentes bebiendo"]}
{"code":"FIS-04","group":"FIS","name":"Comercio ambulatorio / ocupación de vía","priority":"P4","agencies":["FIS"],"everyAgency":false,"unitKinds":["FISC"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["ambulantes","informales","vendedores"]}
{"code":"EME-01","group":"EME","name":"Incendio (vivienda, local, vehículo)","priority":"P1","agencies":["BOM","GRD","EPS","ELE","PNP"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":true,"edan":true,"enabled":true,"words":["fuego","quema","humo","amago","se quema"]}
{"code":"EME-02","group":"EME","name":"Emergencia médica","priority":"P1","agencies":["SAMU"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":["paramedic"],"instructions":[],"masked":true,"video":false,"edan":false,"enabled":true,"words":["desmayo","infarto","convulsion","parto","ambulancia","inconsciente"]}
{"code":"EME-03","group":"EME","name":"Fuga de gas / GLP","priority":"P1","agencies":["BOM","GRD"],"everyAgency":false,"unitKinds":[],"everyUnit":false,"skills":[],"instructions":["cordon"],"masked":false,"video":false,"edan":false,"enabled":true,"words":["balon","olor a gas"]}
{"code":"EME-04","group":"EME","name":"Derrame químico / ácido / nube SO₂","priority":"P1","agencies":["BOM","GRD","IND","AMB","SAL","CAP"],"everyAgency":false,"unitKinds":[],"everyUnit":false,"skills":[],"instructions":["cordon-upwind"],"masked":false,"video":false,"edan":true,"enabled":true,"words":["materiales peligrosos","amoniaco","acido sulfurico","gases","so2"]}
{"code":"EME-05","group":"EME","name":"Sismo (daños reportados)","priority":"P1","agencies":["GRD","COER","BOM","SAMU","SAL"],"everyAgency":false,"unitKinds":[],"everyUnit":true,"skills":[],"instructions":[],"masked":false,"video":false,"edan":true,"enabled":true,"words":["terremoto","temblor"]}
{"code":"EME-06","group":"EME","name":"Tsunami / evacuación costera","priority":"P1","agencies":["CAP","COER","GRD","PNP"],"everyAgency":true,"unitKinds":[],"everyUnit":true,"skills":[],"instructions":["to-safe-zone"],"masked":false,"video":false,"edan":true,"enabled":true,"words":["maremoto","evacuacion"]}
{"code":"EME-07","group":"EME","name":"Oleaje anómalo / rescate en mar o playa","priority":"P1","agencies":["CAP","BOM","SAMU"],"everyAgency":false,"unitKinds":["MOV","DRON"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":true,"enabled":true,"words":["ahogado","ahogamiento","marejada","banista"]}
{"code":"EME-08","group":"EME","name":"Huaico / desborde / inundación","priority":"P1","agencies":["GRD","COER","BOM","EPS"],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":true,"enabled":true,"words":["lluvia","rio","aluvion","aniego"]}
{"code":"EME-09","group":"EME","name":"Colapso de estructura / derrumbe","priority":"P1","agencies":["BOM","GRD","PNP"],"everyAgency":false,"unitKinds":[],"everyUnit":false,"skills":[],"instructions":["cordon"],"masked":false,"video":false,"edan":true,"enabled":true,"words":["se cayo","pared","techo","poste caido"]}
{"code":"SER-01","group":"SER","name":"Apoyo a PNP / Fiscalía / Bomberos / SAMU / gerencias","priority":"P3","agencies":[],"everyAgency":false,"unitKinds":["MOV"],"everyUnit":false,"skills":[],"instructions":["requester-decides"],"masked":false,"video":false,"edan":false,"enabled":true,"words":["apoyo","resguardo","custodia"]}
{"code":"SER-02","group":"SER","name":"Contaminación, quema o arrojo de residuos","priority":"P4","agencies":["AMB","LIM"],"everyAgency":false,"unitKinds":["MOT"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":true,"words":["basura","desmonte","humo","quema de basura"]}
{"code":"SER-03","group":"SER","name":"Maltrato o ataque animal","priority":"P3","agencies":["FIS"],"everyAgency":false,"unitKinds":["MOT"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":false,"words":["perro","mordedura","can","gato"]}
{"code":"SER-04","group":"SER","name":"Falla de alumbrado / agua / poste","priority":"P4","agencies":["ELE","EPS"],"everyAgency":false,"unitKinds":["MOT"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":false,"words":["luz","apagon","fuga de agua","desague"]}
{"code":"SER-05","group":"SER","name":"Resguardo de colegio / evento","priority":"P4","agencies":["PNP"],"everyAgency":false,"unitKinds":["PIE","MOT"],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":false,"words":["escuela","procesion","partido"]}
{"code":"SER-06","group":"SER","name":"Falsa llamada","priority":"P4","agencies":[],"everyAgency":false,"unitKinds":[],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":false,"words":["broma","llamada perturbadora"]}
{"code":"SER-07","group":"SER","name":"Cámara / equipo averiado","priority":"P4","agencies":[],"everyAgency":false,"unitKinds":[],"everyUnit":false,"skills":[],"instructions":[],"masked":false,"video":false,"edan":false,"enabled":false,"words":["camara malograda","radio","tablet"]}
`;
