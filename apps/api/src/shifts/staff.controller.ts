import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  changeStaffBody,
  createStaffBody,
  staffView,
  type ChangeStaffBody,
  type CreateStaffBody,
  type StaffView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { StaffService } from './staff.service.ts';

/** Who can be put on a roster. Telephones are personal data: for those who plan. */
@ApiTags('shifts')
@Controller('api/staff')
@Requires('shift:manage')
export class StaffController {
  constructor(private readonly staff: StaffService) {}

  @Get()
  @Answers(z.array(staffView))
  list(): Promise<StaffView[]> {
    return this.staff.list();
  }

  @Post()
  @Answers(staffView, 201)
  create(@Body({ schema: createStaffBody }) body: CreateStaffBody, @SignedIn() user: SignedInUser): Promise<StaffView> {
    return this.staff.create(body, user);
  }

  @Patch(':id')
  @Answers(staffView)
  change(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: changeStaffBody }) body: ChangeStaffBody,
    @SignedIn() user: SignedInUser,
  ): Promise<StaffView> {
    return this.staff.change(id, body, user);
  }
}
